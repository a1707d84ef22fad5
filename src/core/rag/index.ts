export { CHUNKER_VERSION, chunkDocument } from './chunk.ts';
export { createLibrary, type LibraryPorts } from './create-library.ts';
export { sentencesOf } from './sentences.ts';
export { type SourcesPrompt, sourcesPrompt } from './sources-prompt.ts';
export { contentWords, type Word, wordsOf } from './words.ts';
