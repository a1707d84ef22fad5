/** '0.3, 0.5' → [0.3, 0.5]; 'off' is undefined where it is allowed. Undefined as a whole: something is no number from 0 to 1. */
export function parseShares(text: string): readonly (number | undefined)[] | undefined {
  const parts = text
    .split(/[,;\s]+/)
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '');
  const values = parts.map((part) => (part === 'off' ? undefined : Number(part)));
  const isGood = values.every((value) => value === undefined || (value >= 0 && value <= 1));
  return isGood && values.length > 0 ? values : undefined;
}

export const formatShares = (values: readonly (number | undefined)[]): string =>
  values.map((value) => (value === undefined ? 'off' : String(value))).join(', ');
