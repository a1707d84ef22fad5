export type { AnswerEvent } from './answer.ts';
export { loadAnswer, loadExchange } from './load-parts.ts';
export { appendDelta, textOf } from './parts.ts';
export { planPrompt, reserveFor } from './plan-prompt.ts';
export {
  createThread,
  DEFAULT_SAMPLING,
  presetOf,
  SAMPLING_PRESETS,
  titleFrom,
} from './presets.ts';

export { createStopStringHold } from './stop-strings.ts';
export { latestLeafUnder, pathTo, siblingsOf, subtreeOf } from './tree.ts';
