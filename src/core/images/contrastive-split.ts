import type { CaptionedPictures, LessonSplit } from '#core/ports/picture-teacher.ts';

/** Of the captioned pictures: a quarter is never learned from, nor looked at before the end; a sixth says when to stop. */
const TEST_SHARE = 0.25;
const VALIDATION_SHARE = 0.15;

/** A caption without what makes no difference to what it says. */
export const meaningKey = (caption: string): string => caption.trim().replace(/\s+/g, ' ').toLowerCase();

type Part = 'train' | 'validation' | 'test';

interface PartOfPairs {
  /** Indices into `imageIds`. */
  readonly pictures: readonly number[];
  /** Indices into `captions`. */
  readonly captions: readonly number[];
}

export interface PairSplit {
  readonly train: PartOfPairs;
  readonly validation: PartOfPairs;
  readonly test: PartOfPairs;
  /** Captions of one number say the same. */
  readonly meaningOf: readonly number[];
  readonly sharedCaptions: number;
}

/** FNV-1a, 32 bits: the order hangs on the ids alone, so a picture that comes later moves few others to another part. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

/**
 * Splits by picture, never by caption. A caption of a held-out picture that a picture of an earlier part has too is left
 * out: it would be known by heart.
 */
export function splitPairs(
  { imageIds, captions, pictureOf }: Pick<CaptionedPictures, 'imageIds' | 'captions' | 'pictureOf'>,
  seed: number,
): PairSplit {
  const order = imageIds
    .map((id, picture) => ({ id, picture, hash: hashOf(`${seed} ${id}`) }))
    .sort((a, b) => a.hash - b.hash || (a.id < b.id ? -1 : 1));
  const testEnd = Math.round(order.length * TEST_SHARE);
  const validationEnd = testEnd + Math.round(order.length * VALIDATION_SHARE);
  const partOf: Part[] = [];
  for (const [at, { picture }] of order.entries())
    partOf[picture] = at < testEnd ? 'test' : at < validationEnd ? 'validation' : 'train';

  const numbers = new Map<string, number>();
  const meaningOf = captions.map((caption) => {
    const key = meaningKey(caption);
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
  const seen = new Set<number>();
  let sharedCaptions = 0;
  const take = (part: Part): PartOfPairs => {
    const all = captions.flatMap((_, row) => (partOf[pictureOf[row] ?? -1] === part ? [row] : []));
    const fresh = all.filter((row) => part === 'train' || !seen.has(meaningOf[row] ?? -1));
    for (const row of all) seen.add(meaningOf[row] ?? -1);
    sharedCaptions += all.length - fresh.length;
    return {
      pictures: imageIds.flatMap((_, picture) => (partOf[picture] === part ? [picture] : [])),
      captions: fresh,
    };
  };
  return {
    train: take('train'),
    validation: take('validation'),
    test: take('test'),
    meaningOf,
    get sharedCaptions() {
      return sharedCaptions;
    },
  };
}

export const countsOf = ({ train, validation, test, sharedCaptions }: PairSplit): LessonSplit => ({
  pictures: {
    train: train.pictures.length,
    validation: validation.pictures.length,
    test: test.pictures.length,
  },
  captions: {
    train: train.captions.length,
    validation: validation.captions.length,
    test: test.captions.length,
  },
  sharedCaptions,
});
