import * as v from 'valibot';
import type { RecognizedLine, RecognizedPicture } from '#core/ports/text-recognizer.ts';
import { AppError } from '#shared/errors.ts';

const box = v.object({ x0: v.number(), y0: v.number(), x1: v.number(), y1: v.number() });
const line = v.object({
  bbox: box,
  baseline: box,
  words: v.array(v.object({ bbox: box, text: v.string(), confidence: v.number() })),
});
const result = v.object({
  blocks: v.array(v.object({ paragraphs: v.array(v.object({ lines: v.array(line) })) })),
});

/** White space and what stands for letters that the engine has no name for. */
const NOT_TEXT = /[\s\p{Cc}\p{Co}\p{Cn}\uFFFD]+/gu;

function lineOf({ bbox, baseline, words }: v.InferOutput<typeof line>, paragraph: number): RecognizedLine[] {
  const read = words.flatMap(({ bbox: at, text, confidence }) => {
    const clean = text.replace(NOT_TEXT, '');
    if (clean === '' || at.x1 <= at.x0 || at.y1 <= at.y0) return [];
    const sure = Math.min(1, Math.max(0, confidence / 100));
    return [{ text: clean, confidence: sure, left: at.x0, top: at.y0, right: at.x1, bottom: at.y1 }];
  });
  const foot = (baseline.y0 + baseline.y1) / 2;
  // A rule or a stain can be taken for a line that lies below its own baseline.
  const rise = Math.max(1, foot - bbox.y0);
  return read.length === 0 ? [] : [{ words: read, baseline: foot, rise, paragraph }];
}

/** Tesseract's JSON (its jsonrenderer), of which only lines and words are used. */
export function readResult(json: string): RecognizedPicture {
  let parsed: v.InferOutput<typeof result>;
  try {
    parsed = v.parse(result, JSON.parse(json));
  } catch (error) {
    throw new AppError('internal/unexpected', 'The recognition engine gave a result that cannot be read.', {
      cause: error,
    });
  }
  const paragraphs = parsed.blocks.flatMap((block) => block.paragraphs);
  return { lines: paragraphs.flatMap(({ lines }, i) => lines.flatMap((each) => lineOf(each, i))) };
}
