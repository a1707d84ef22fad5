import {
  createTransferMeter,
  loadParseModel,
  type TransferMeter,
  type TransferRate,
} from '#core/models/index.ts';
import type { JobRecord } from '#core/ports/job-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { AppError, toAppError } from '#shared/errors.ts';
import { createId } from '#shared/ids.ts';
import { isRecord } from '#shared/records.ts';
import type { ModelsDependencies, ModelsStore, Transfer } from './models-state.ts';
import type { PickedModel } from './pair-files.ts';
import { pinnedModel } from './pinned-model.ts';

/** What the job of a transfer was started with, as far as it can be understood. */
function readInput(input: unknown) {
  const { model, fileKey, fileName, loadsAfter } = isRecord(input) ? input : {};
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return {
    model,
    modelId: isRecord(model) ? text(model.id) : undefined,
    modelLabel: isRecord(model) ? text(model.label) : undefined,
    fileKey: text(fileKey),
    fileName: text(fileName),
    loadsAfter: loadsAfter === true,
  };
}

const REFRESH_MS = 80;

interface TransferOptions {
  /** Load the model when it is here. */
  readonly loadsAfter?: boolean;
}

/** Bytes in: downloads that go on after a reload, and copies of files from this computer. */
export function createTransfers(
  deps: ModelsDependencies,
  store: ModelsStore,
  onArrived: (model: ModelSpec, loadsAfter: boolean) => void,
) {
  const { jobs, shelf, repositories, store: files, notify } = deps;
  /** Files that are being imported. A page cannot keep them over a reload: only the user can give them again. */
  const picked = new Map<string, PickedModel>();

  async function keepOffline(model: ModelSpec): Promise<void> {
    try {
      await deps.keepOffline(model.engine);
    } catch (error) {
      notify(
        `${model.label} is here, but its engine could not be kept for offline use: ${toAppError(error).message}`,
      );
    }
  }

  async function arrive(model: ModelSpec, loadsAfter: boolean): Promise<void> {
    await keepOffline(model);
    await shelf.changed();
    onArrived(model, loadsAfter);
  }

  jobs.register('model-download', async ({ input, label }, { signal, onProgress }) => {
    const { model: stored, loadsAfter } = readInput(input);
    const parseModel = await loadParseModel();
    const model = parseModel(stored, label);
    await files.download({ model: await pinnedModel(deps, model, signal) }, { signal, onProgress });
    await arrive(model, loadsAfter);
  });

  jobs.register('model-import', async ({ input, cursor, label }, { signal, onProgress, saveCursor }) => {
    const { fileKey = '', fileName = 'the file', loadsAfter } = readInput(input);
    // Copied in, but the page was closed before the engine's own files were kept, too: the user's file is not needed again.
    if (isRecord(cursor)) return arrive((await loadParseModel())(cursor.model, label), loadsAfter);
    const chosen = picked.get(fileKey);
    if (chosen === undefined)
      throw new AppError(
        'job/interrupted',
        `The page was closed before ${fileName} was copied in, and a page cannot open a file again by itself. Choose it again.`,
      );
    const model = await files.importFile(chosen, { signal, onProgress });
    await repositories.models.save(model);
    await saveCursor({ model });
    picked.delete(fileKey);
    await arrive(model, loadsAfter);
  });

  const stopWatching = watchTransfers(deps, store);

  const transferOf = (modelId: string): Transfer | undefined =>
    store.getState().transfers.find((transfer) => transfer.modelId === modelId);

  function persistOnFirst(): void {
    if (store.getState().stored.length === 0) deps.persistStorage?.().then(shelf.refresh, () => {}); // a browser that cannot be asked keeps what it keeps
  }

  return {
    async download(model: ModelSpec, { loadsAfter = false }: TransferOptions = {}): Promise<void> {
      const transfer = transferOf(model.id);
      if (transfer) {
        if (transfer.state === 'paused' || transfer.state === 'failed') await jobs.resume(transfer.jobId);
        return;
      }
      persistOnFirst();
      await jobs.start('model-download', `Downloading ${model.label}`, { model, loadsAfter });
    },

    /** One job a model, with its projector where both were chosen; what is wrong with a file is said at its card. */
    async importFiles(list: readonly File[], { loadsAfter = false }: TransferOptions = {}): Promise<void> {
      if (list.length > 0) persistOnFirst();
      const { pairFiles } = await import('./pair-files.ts');
      for (const chosen of await pairFiles(list)) {
        const fileKey = createId();
        const fileName = [chosen.file, ...(chosen.projector ? [chosen.projector] : [])]
          .map(({ name }) => name)
          .join(' and ');
        picked.set(fileKey, chosen);
        await jobs.start('model-import', `Importing ${fileName}`, { fileKey, fileName, loadsAfter });
      }
    },

    pause: (jobId: string): Promise<void> => jobs.pause(jobId),
    resume: (jobId: string): Promise<void> => jobs.resume(jobId),

    /** For good: what has come so far is deleted. */
    async stop({ jobId, modelId }: Transfer): Promise<void> {
      await jobs.cancel(jobId);
      await jobs.dismiss(jobId);
      if (modelId !== undefined && !(await shelf.isStored(modelId))) {
        await files.remove({ modelId });
        await shelf.changed();
      }
    },

    /** The hub changed its files and the user trusts that: the old ones and their hashes go, and it begins anew. */
    async takeNewFiles({ jobId, modelId }: Transfer): Promise<void> {
      if (modelId === undefined) return;
      await files.remove({ modelId });
      await repositories.models.remove(modelId);
      await jobs.resume(jobId);
    },

    /** Takes a failed one off the screen; the part that is here stays. */
    async dismiss({ jobId }: Transfer): Promise<void> {
      await jobs.dismiss(jobId);
    },

    transferOf,
    dispose: stopWatching,
  };
}

function labelOf({ input, label }: JobRecord): string {
  const { modelLabel, fileName } = readInput(input);
  return modelLabel ?? fileName ?? label;
}

/** Keeps `transfers` as the job runner has them, with a speed for each, a few times a second at most. */
function watchTransfers({ jobs }: ModelsDependencies, store: ModelsStore): () => void {
  const meters = new Map<string, { readonly meter: TransferMeter; last: string; rate: TransferRate }>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function rateOf({ id, progress, state }: JobRecord): TransferRate {
    if (state !== 'running' || progress?.unit !== 'bytes') {
      meters.delete(id);
      return {};
    }
    const entry = meters.get(id) ?? { meter: createTransferMeter(), last: '', rate: {} };
    meters.set(id, entry);
    const now = `${progress.phase} ${progress.done}`;
    if (entry.last !== now) entry.rate = entry.meter.add(progress.done, progress.total, performance.now());
    entry.last = now;
    return entry.rate;
  }

  function toTransfer(job: JobRecord): Transfer {
    const { id: jobId, input, state, progress, error } = job;
    const { modelId, loadsAfter } = readInput(input);
    return {
      jobId,
      kind: job.kind === 'model-import' ? 'model-import' : 'model-download',
      ...(modelId === undefined ? {} : { modelId }),
      label: labelOf(job),
      state,
      loadsAfter,
      ...(progress ? { progress } : {}),
      rate: rateOf(job),
      ...(error ? { error } : {}),
    };
  }

  function read(): void {
    timer = undefined;
    const open = jobs
      .jobs()
      .filter(({ kind }) => kind === 'model-download' || kind === 'model-import')
      .filter(({ state }) => state !== 'done' && state !== 'cancelled');
    if (open.length > 0 || store.getState().transfers.length > 0)
      store.setState({ transfers: open.map(toTransfer) });
  }

  const stopJobs = jobs.subscribe(() => {
    timer ??= setTimeout(read, REFRESH_MS);
  });
  read();
  return () => {
    stopJobs();
    clearTimeout(timer);
  };
}
