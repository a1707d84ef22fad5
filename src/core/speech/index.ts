export { createSpeech, type HeardSoFar, type Speech } from './create-speech.ts';
export { HEARD, languageOptions } from './languages.ts';
