import type { RecognizedLine, RecognizedPicture } from '#core/ports/text-recognizer.ts';
import type { TextRun } from './pdf-runs.ts';

/** Of the size of type; what print has above the baseline, by and large. */
const RISE_OF_SIZE = 0.72;
/** How far letters reach below the line, of what they have above it. */
const FOOT_OF_RISE = 0.3;
/** Lines without tall letters are this much lower, and few are printed larger by so little. */
const LOW_LINE = 0.6;
const SAME_SIZE = 1.22;
/** A word of two letters that the engine is rather sure of is text; stains and leaves give none, or not many. */
const CREDIBLE = 0.5;

const lengthOf = ({ words }: RecognizedLine): number => words.reduce((sum, { text }) => sum + text.length, 0);

/** How many words can be believed to be words. */
export function credibleWords({ lines }: RecognizedPicture): number {
  const words = lines.flatMap((line) => line.words);
  return words.filter(({ text, confidence }) => confidence >= CREDIBLE && /[\p{L}\p{N}]{2}/u.test(text))
    .length;
}

/** How sure the engine was, over all characters; undefined without any. */
export function confidenceOf({ lines }: RecognizedPicture): number | undefined {
  let sure = 0;
  let characters = 0;
  for (const { text, confidence } of lines.flatMap(({ words }) => words)) {
    sure += confidence * text.length;
    characters += text.length;
  }
  return characters === 0 ? undefined : sure / characters;
}

/** The rise that most characters have. */
function bodyRise(lines: readonly RecognizedLine[]): number {
  const sorted = [...lines].sort((a, b) => a.rise - b.rise);
  const half = sorted.reduce((sum, line) => sum + lengthOf(line), 0) / 2;
  let sum = 0;
  for (const line of sorted) {
    sum += lengthOf(line);
    if (sum >= half) return line.rise;
  }
  return 1;
}

/**
 * Measured in pixels, no two lines of one type are equally high: those that are near the body's are the body's, and
 * larger ones fall into steps, so that only what is meant as larger type is taken for a heading.
 */
function steadyRise(rise: number, body: number): number {
  const ratio = rise / body;
  if (ratio > LOW_LINE && ratio < SAME_SIZE) return body;
  return body * SAME_SIZE ** Math.round(Math.log(ratio) / Math.log(SAME_SIZE));
}

/** Recognized words as runs of a page, in points; `scale` is the picture's pixels a point. */
export function runsOf({ lines }: RecognizedPicture, scale: number): TextRun[] {
  const body = bodyRise(lines);
  return lines.flatMap((line) => {
    const size = steadyRise(line.rise, body) / RISE_OF_SIZE / scale;
    // As high as their line, as the boxes of a text layer are: a mark that hugs the ink of each word is hard to see.
    const head = line.baseline - line.rise;
    const foot = line.baseline + line.rise * FOOT_OF_RISE;
    return line.words.map((word) => ({
      text: word.text,
      left: word.left / scale,
      right: word.right / scale,
      top: Math.min(word.top, head) / scale,
      bottom: Math.max(word.bottom, foot) / scale,
      baseline: line.baseline / scale,
      size,
      isUpright: true,
      isRightToLeft: false,
      hasSpaceBefore: true,
    }));
  });
}
