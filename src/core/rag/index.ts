export { createLibrary } from './create-library.ts';
export { sourcesPrompt } from './sources-prompt.ts';
export { contentWords } from './words.ts';
