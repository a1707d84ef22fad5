import type { WhisperConfig } from './whisper-config.ts';

type Rules = Pick<
  WhisperConfig,
  'end' | 'noTimestamps' | 'firstTimestamp' | 'lastFirstTimestamp' | 'suppressed' | 'suppressedFirst'
>;

/** Natural logarithms of the shares that a softmax gives. */
export function logShares(logits: Float32Array): Float32Array {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of logits) most = Math.max(most, value);
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - most);
  const shift = most + Math.log(sum);
  return logits.map((value) => value - shift);
}

export function largestAt(values: Float32Array, from = 0, to = values.length): number {
  let at = from;
  for (let i = from + 1; i < to; i++) if ((values[i] ?? 0) > (values[at] ?? 0)) at = i;
  return at;
}

/**
 * Crosses out what may not follow `before`, in place: timestamps come in pairs and never go back, the first token is one,
 * and where all timestamps together are likelier than every word it is one (Radford et al. 2022, `ApplyTimestampRules`).
 */
export function applyRules(logits: Float32Array, before: readonly number[], rules: Rules): void {
  const { end, firstTimestamp, noTimestamps } = rules;
  const forbid = (from: number, to = logits.length): void => {
    logits.fill(Number.NEGATIVE_INFINITY, from, Math.max(from, to));
  };
  for (const token of rules.suppressed) if (token >= 0) forbid(token, token + 1);
  forbid(noTimestamps, noTimestamps + 1);
  if (before.length === 0) {
    for (const token of rules.suppressedFirst) if (token >= 0) forbid(token, token + 1);
    forbid(0, firstTimestamp);
    if (rules.lastFirstTimestamp !== undefined) forbid(firstTimestamp + rules.lastFirstTimestamp + 1);
    return;
  }
  const isTimestamp = (token: number | undefined): boolean => token !== undefined && token >= firstTimestamp;
  const isPaired = before.length < 2 || isTimestamp(before.at(-2));
  if (isTimestamp(before.at(-1))) {
    if (isPaired) forbid(firstTimestamp);
    else forbid(0, end);
  }
  const latest = before.findLast(isTimestamp);
  if (latest !== undefined) {
    // A segment may begin where the one before it ended, but it may not end where it begins.
    const isOpening = isTimestamp(before.at(-1)) && !isPaired;
    forbid(firstTimestamp, isOpening ? latest : latest + 1);
  }
  const shares = logShares(logits);
  let timestamps = 0;
  for (let i = firstTimestamp; i < shares.length; i++) timestamps += Math.exp(shares[i] ?? 0);
  const likeliest = shares[largestAt(shares, 0, firstTimestamp)] ?? 0;
  if (Math.log(timestamps) > likeliest) forbid(0, firstTimestamp);
}
