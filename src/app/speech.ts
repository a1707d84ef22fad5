import { createSoundDecoder, openMicrophone } from '#adapters/sound-browser/index.ts';
import { speechContract } from '#contracts/speech.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { SpeechRecognizer } from '#core/ports/speech-recognizer.ts';
import { createSpeech, type Speech } from '#core/speech/index.ts';
import type { createModelShelf } from '#features/models/index.ts';
import { createWorkerHandle } from '#rpc/worker-handle.ts';

export { openMicrophone };

type Shelf = Pick<ReturnType<typeof createModelShelf>, 'ready' | 'store' | 'findModel'>;

/** A speech model takes hundreds of megabytes: its worker ends when nobody has spoken for so long. */
const IDLE_MS = 60_000;
/** A window of sound is read in one go of seconds: who stops it ends the worker. */
const ABORT_GRACE_MS = 3000;

let speech: Speech | undefined;

/** Speech recognition on this device, started when it is first asked for. */
export function speechOf(shelf: Shelf): Speech {
  speech ??= createSpeech({
    recognizer: createWorkerHandle<SpeechRecognizer>({
      name: 'speech',
      contract: speechContract,
      idleMs: IDLE_MS,
      abortGraceMs: ABORT_GRACE_MS,
      spawn: () =>
        new Worker(new URL('../../workers/speech/speech.worker.ts', import.meta.url), {
          type: 'module',
          name: 'speech',
        }),
    }).client,
    decoder: createSoundDecoder({
      async openRecording(file) {
        const { openRecording } = await import('#adapters/frame-reader-webcodecs/index.ts');
        return openRecording(file);
      },
    }),
    async models() {
      await shelf.ready;
      const here = shelf.store.getState().stored.filter(({ isComplete }) => isComplete);
      const found = await Promise.all(here.map(({ modelId }) => shelf.findModel(modelId)));
      return found.filter((model): model is ModelSpec => model?.task === 'speech');
    },
    // Whether there is a real one, and whether it is right and faster, is seen where it is loaded.
    device: 'gpu',
    threads: () => (globalThis.crossOriginIsolated ? Math.max(1, navigator.hardwareConcurrency - 1) : 1),
  });
  return speech;
}
