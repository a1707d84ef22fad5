const DAY_MS = 86_400_000;

/**
 * What a camera wrote has no time zone and is kept as if it were UTC: days are days of UTC, so that a picture is found on
 * the date that it shows.
 */
export const dayOf = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 10);

export const startOfDay = (day: string): number => Date.parse(`${day}T00:00:00Z`);

export const startOfNextDay = (day: string): number => startOfDay(day) + DAY_MS;

const words = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

/** '26 Nov 2026, 11:40'. */
export const dateInWords = (epochMs: number): string => words.format(epochMs);
