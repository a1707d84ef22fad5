import { createTransformersSpeechRecognizer } from '#adapters/engine-transformers/index.ts';
import { openStoredFile } from '#adapters/model-store-opfs/index.ts';
import { speechContract } from '#contracts/speech.ts';
import type { SpeechRecognizer } from '#core/ports/speech-recognizer.ts';
import type { Server } from '#rpc/contract.ts';
import type { Port, ToClient, ToServer } from '#rpc/messages.ts';
import { serve } from '#rpc/serve.ts';

const recognizer = createTransformersSpeechRecognizer({
  openFile: openStoredFile,
  onBroken: (error) => {
    // As in the embedder's worker: the handle hears it and starts a fresh worker at the next call.
    throw error;
  },
});

const server: Server<SpeechRecognizer> = {
  load: (input, { signal, progress }) => recognizer.load(input, { signal, onProgress: progress }),
  transcribe: (input, { signal, progress }) => recognizer.transcribe(input, { signal, onProgress: progress }),
  unload: (input) => recognizer.unload(input),
};

serve(speechContract, server, self as unknown as Port<ToClient, ToServer>);
