import { trainContract } from '#contracts/train.ts';
import type { PictureTeacher } from '#core/ports/picture-teacher.ts';
import { createWorkerHandle } from '#rpc/worker-handle.ts';

/** A worker that was needed once and not since gives its memory back. */
const IDLE_MS = 60_000;

/** The thread that trains. */
export function createTrainWorker(): PictureTeacher {
  return createWorkerHandle<PictureTeacher>({
    name: 'train',
    contract: trainContract,
    idleMs: IDLE_MS,
    spawn: () =>
      new Worker(new URL('../../workers/train/train.worker.ts', import.meta.url), {
        type: 'module',
        name: 'train',
      }),
  }).client;
}
