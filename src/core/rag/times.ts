import type { ParsedTime } from '#core/ports/document-parser.ts';

/** The stretch that was said at a character, or the next one; undefined behind the last. */
function timeAt(times: readonly ParsedTime[], offset: number): ParsedTime | undefined {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return times[low];
}

export function secondsAt(times: readonly ParsedTime[], offset: number): number | undefined {
  return timeAt(times, offset)?.seconds;
}
