export { type SourcesPrompt, sourcesPrompt } from './sources-prompt.ts';
