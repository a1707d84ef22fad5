export type { AnswerEvent } from './answer.ts';

export type { CopyFormat } from './copy-answer.ts';

export {
  loadAnswer,
  loadAnswerCache,
  loadBook,
  loadCopy,
  loadDraft,
  loadExchange,
  loadPlan,
  loadPromptImages,
  loadStar,
  loadWordings,
} from './load-parts.ts';
export { appendDelta, imagesOf, textOf } from './parts.ts';
export { placeReferences } from './place-references.ts';
export {
  createThread,
  DEFAULT_SAMPLING,
  presetOf,
  SAMPLING_PRESETS,
  titleFrom,
} from './presets.ts';

export { createStopStringHold } from './stop-strings.ts';
export { latestLeafUnder, pathTo, siblingsOf, subtreeOf } from './tree.ts';
