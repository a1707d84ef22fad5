import type { SpeechRecognizer } from '#core/ports/speech-recognizer.ts';
import type { Contract } from '#rpc/contract.ts';

export const speechContract: Contract<SpeechRecognizer> = {
  load: 'unary',
  transcribe: 'unary',
  unload: 'unary',
};
