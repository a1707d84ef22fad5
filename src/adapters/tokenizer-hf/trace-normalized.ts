/** A normalised text and where each of its UTF-16 units comes from. */
export interface TracedText {
  readonly text: string;
  /** Per unit of `text`: start and end in the original. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/**
 * Normalises a text and keeps track of every unit: each code point is normalised by itself, what vanishes (accents,
 * control characters) belongs to the character before it. Where the whole text gives something else than its code
 * points one by one (a final sigma, characters that compose), equal beginnings and ends are exact and what is between
 * them stands for all that is between them.
 */
export function traceNormalized(original: string, normalize: (text: string) => string): TracedText {
  const starts: number[] = [];
  const ends: number[] = [];
  let text = '';
  let at = 0;
  for (const char of original) {
    const part = normalize(char);
    const end = at + char.length;
    for (let i = 0; i < part.length; i++) {
      starts.push(at);
      ends.push(end);
    }
    if (part === '' && ends.length > 0) extend(starts, ends, end);
    text += part;
    at = end;
  }
  const whole = normalize(original);
  if (whole === text) return { text, starts, ends };
  return retrace(whole, { text, starts, ends });
}

/** All units of the last character reach as far as what vanished after it. */
function extend(starts: readonly number[], ends: number[], end: number): void {
  const last = starts.at(-1);
  for (let i = ends.length - 1; i >= 0 && starts[i] === last; i--) ends[i] = end;
}

function retrace(text: string, by: TracedText): TracedText {
  if (text.length === by.text.length) return { ...by, text };
  const shorter = Math.min(text.length, by.text.length);
  let head = 0;
  while (head < shorter && text[head] === by.text[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && text.at(-1 - tail) === by.text.at(-1 - tail)) tail += 1;
  const start = by.starts[head] ?? by.ends.at(-1) ?? 0;
  const end = by.ends[by.text.length - tail - 1] ?? start;
  const middle = text.length - head - tail;
  const from = by.text.length - tail;
  return {
    text,
    starts: [...by.starts.slice(0, head), ...Array<number>(middle).fill(start), ...by.starts.slice(from)],
    ends: [
      ...by.ends.slice(0, head),
      ...Array<number>(middle).fill(Math.max(start, end)),
      ...by.ends.slice(from),
    ],
  };
}
