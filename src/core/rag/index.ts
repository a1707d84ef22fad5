export { type SourcesPrompt, sourcesPrompt } from './sources-prompt.ts';
export { contentWords, type Word, wordsOf } from './words.ts';
