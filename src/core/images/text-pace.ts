import * as v from 'valibot';
import type { SettingsRepository } from '#core/ports/repositories.ts';

/** Under this setting stands how long the text of a picture took on this device; pages of documents are larger. */
const TEXT_PACE = 'picture-text-pace';

const paceSchema = v.object({ msPerPicture: v.number(), pictures: v.number() });
/** Of older pictures the pace forgets: what counts is how it is lately. */
const PACE_PICTURES = 20;

function createPace(key: string) {
  return {
    /** Milliseconds that a picture has taken on this device lately; undefined before the first. */
    async read(settings: Pick<SettingsRepository, 'get'>): Promise<number | undefined> {
      const stored = await settings.get(key);
      return v.is(paceSchema, stored) ? stored.msPerPicture : undefined;
    },
    async note(settings: SettingsRepository, ms: number): Promise<void> {
      const stored = await settings.get(key);
      const before = v.is(paceSchema, stored) ? stored : { msPerPicture: 0, pictures: 0 };
      const pictures = Math.min(PACE_PICTURES, before.pictures + 1);
      const msPerPicture = before.msPerPicture + (ms - before.msPerPicture) / pictures;
      await settings.set(key, { msPerPicture, pictures });
    },
  };
}

const textPace = createPace(TEXT_PACE);
export const readTextPace = textPace.read;
export const noteTextPace = textPace.note;

/** How long describing a picture took. */
export const captionPace = createPace('picture-caption-pace');
