export type {
  AnswerCheck,
  CheckedQuote,
  CheckedSentence,
  CitedSpan,
  Verdict,
  Verification,
} from './check-answer.ts';
export { checkVectors } from './check-vectors.ts';
export {
  chooseIndexKind,
  INDEX_CHOICE_KEY,
  type IndexChoice,
  isRightKind,
  parseIndexChoice,
} from './choose-index.ts';
export { createLibrary } from './create-library.ts';
export { fuse } from './fuse.ts';
export { allowedSlips, passageTerms, queryTerms, WORD_RANKING } from './index-terms.ts';
export { loadCheck } from './load-check.ts';
export { createNearDuplicates, type NearDuplicate } from './near-duplicates.ts';
export { principalPlane } from './principal-plane.ts';
export { parseQuery, type QueryTerm, withoutTerm } from './query-syntax.ts';
export { readPace } from './recognition.ts';
export { passageOfChunk } from './source-passage.ts';
export { preambleOf, sourcesPrompt } from './sources-prompt.ts';
export { transcriptBlob } from './transcript.ts';
export { isClutter } from './unpack.ts';
export { contentWords } from './words.ts';
