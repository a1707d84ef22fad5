import type { FilmMoment } from '#core/ports/pictures.ts';

/** '0:04', '1:02:03'. */
export function timeInWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** '1.5 s': a moment of an animation, which is short. */
export const momentInWords = (seconds: number): string => `${Math.round(seconds * 10) / 10} s`;

/** A part of a film, from one embedded frame to the next. */
export interface FilmPart {
  readonly from: number;
  readonly to: number;
  /** Cosine similarity to what is searched for. */
  readonly score?: number;
  /** How high it stands among its film's, 0.1 to 1: similarities of one film lie close together. */
  readonly height: number;
}

/** The parts of a film by its moments (seconds), with what was found of them. */
export function filmParts(
  moments: readonly number[],
  durationSeconds: number,
  found: readonly FilmMoment[] = [],
): readonly FilmPart[] {
  const scores = new Map(found.map(({ seconds, score }) => [seconds, score]));
  const all = [...scores.values()];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return moments.map((from, i) => {
    const to = Math.max(from, moments[i + 1] ?? durationSeconds);
    const score = scores.get(from);
    if (score === undefined) return { from, to, height: 0.1 };
    return { from, to, score, height: most > least ? 0.1 + (0.9 * (score - least)) / (most - least) : 1 };
  });
}

/** The part that is shown at a second. */
export const partAt = (parts: readonly FilmPart[], seconds: number): number =>
  Math.max(
    0,
    parts.findLastIndex(({ from }) => from <= seconds + 1e-3),
  );
