export { type AnswerEvent, type AnswerInput, answer } from './answer.ts';
export { exportJson, exportMarkdown, importThread, type ThreadBundle } from './exchange.ts';
export { appendDelta, reasoningOf, textOf } from './parts.ts';
export { type PromptPlan, planPrompt, reserveFor } from './plan-prompt.ts';
export {
  createThread,
  DEFAULT_SAMPLING,
  presetOf,
  SAMPLING_PRESETS,
  titleFrom,
} from './presets.ts';
export { createReasoningSplitter, type ReasoningSplitter } from './reasoning.ts';
export { createStopStringHold, type StopStringHold } from './stop-strings.ts';
export { latestLeafUnder, pathTo, siblingsOf, subtreeOf } from './tree.ts';
