/**
 * Checks for small stored values of our own, in what a first visit loads: a schema library is larger than all of them
 * together (docs/decisions/2026-11-24-valibot-in-core.md). Whatever comes from outside is parsed with a schema.
 */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function oneOf<T extends string>(choices: readonly T[], value: unknown, otherwise: T): T {
  return choices.find((choice) => choice === value) ?? otherwise;
}
