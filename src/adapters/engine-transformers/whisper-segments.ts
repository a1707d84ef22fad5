import type { WhisperConfig } from './whisper-config.ts';

interface TokenSegment {
  /** In steps from the beginning of the window. */
  readonly start: number;
  readonly end: number;
  /** Of its text; no timestamps. */
  readonly tokens: readonly number[];
}

export interface WindowReading {
  readonly segments: readonly TokenSegment[];
  /** Where the next window begins: behind what was said whole. */
  readonly advance: number;
}

/**
 * What one window says. A last segment that the window's end cut off is left to the next window, which begins where the
 * one before it ended; without a pair of timestamps the whole window is done.
 */
export function readWindow(
  tokens: readonly number[],
  { firstTimestamp, stepsPerWindow }: Pick<WhisperConfig, 'firstTimestamp' | 'stepsPerWindow'>,
): WindowReading {
  const stepOf = (token: number): number => token - firstTimestamp;
  const isTimestamp = (at: number): boolean => (tokens[at] ?? -1) >= firstTimestamp;
  const segments: TokenSegment[] = [];
  let start = 0;
  let text: number[] = [];
  let pairEnd: number | undefined;
  tokens.forEach((token, at) => {
    if (!isTimestamp(at)) {
      text.push(token);
      return;
    }
    if (text.length > 0) segments.push({ start, end: stepOf(token), tokens: text });
    text = [];
    start = stepOf(token);
    if (isTimestamp(at - 1)) pairEnd = stepOf(tokens[at - 1] ?? token);
  });
  const endsWhole = isTimestamp(tokens.length - 1) && !isTimestamp(tokens.length - 2);
  if (endsWhole || pairEnd === undefined || pairEnd === 0) {
    if (text.length > 0) segments.push({ start, end: stepsPerWindow, tokens: text });
    return { segments, advance: stepsPerWindow };
  }
  return { segments, advance: pairEnd };
}
