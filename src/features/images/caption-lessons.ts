import { createStore } from 'zustand/vanilla';
import {
  cleanCaptions,
  createKeptProjections,
  type KeptProjection,
  matchCaptions,
  parseCaptionsFile,
  projectionKey,
} from '#core/images/index.ts';
import type { LessonReport, LessonSplit } from '#core/ports/picture-teacher.ts';
import type { Projection } from '#core/ports/projection-trainer.ts';
import { isAbort, toAppError, toWire, type WireError } from '#shared/errors.ts';
import type { ImagesDependencies } from './images-state.ts';
import { readyEmbedder } from './ready-embedder.ts';

/** A lesson as it runs, and what came of it; gone when the tab is closed, unless it is kept. */
export interface Lesson {
  readonly status: 'preparing' | 'learning' | 'done' | 'failed';
  /** Captions that are embedded, while it is being prepared. */
  readonly embedded?: { readonly done: number; readonly total: number };
  readonly split?: LessonSplit;
  /** At most; it stops when the validation pictures say so. */
  readonly steps?: number;
  readonly losses: readonly { readonly step: number; readonly loss: number }[];
  readonly validations: readonly { readonly step: number; readonly reciprocalRank: number }[];
  readonly report?: LessonReport;
  readonly error?: WireError;
}

export interface CaptionLessonsState {
  readonly lesson?: Lesson;
  /** What search uses, or would if it were on; undefined = nothing is kept. */
  readonly kept?: KeptProjection;
  /** What came of the last captions file. */
  readonly imported?: { readonly pictures: number; readonly unmatched: readonly string[] };
  readonly importError?: WireError;
}

type Deps = Pick<
  ImagesDependencies,
  'repositories' | 'pictures' | 'teacher' | 'embedder' | 'fetchModel' | 'notify' | 'now'
>;

const FRESH: Lesson = { status: 'preparing', losses: [], validations: [] };

export type CaptionLessons = ReturnType<typeof createCaptionLessons>;

/** Captions, and what is learned from them. Ports in, a store out. */
export function createCaptionLessons(deps: Deps) {
  const { repositories, pictures, teacher, notify, now = Date.now } = deps;
  const store = createStore<CaptionLessonsState>(() => ({}));
  const projections = createKeptProjections(repositories.settings);
  let running: AbortController | undefined;
  /** Of the lesson that is done. */
  let learned: { readonly spaceId: string; readonly projection: Projection } | undefined;
  /** The space that the model makes; known since a lesson, or a look at what is kept. */
  let spaceId: string | undefined;

  const change = (part: Partial<Lesson>): void => {
    const { lesson = FRESH } = store.getState();
    store.setState({ lesson: { ...lesson, ...part } });
  };

  async function readKept(): Promise<void> {
    if (spaceId === undefined) return;
    const kept = await projections.of(spaceId);
    const { kept: _, ...rest } = store.getState();
    store.setState({ ...rest, ...(kept ? { kept } : {}) }, true);
  }
  const stopChanges = repositories.changes.subscribe(({ store: name, ids }) => {
    if (name === 'settings' && spaceId !== undefined && ids.includes(projectionKey(spaceId)))
      void readKept().catch(() => undefined);
  });

  async function write(act: () => Promise<void>, what: string): Promise<void> {
    try {
      await act();
      await readKept();
    } catch (error) {
      notify(`${what}: ${toAppError(error).message}`);
    }
  }

  async function learn(signal: AbortSignal): Promise<void> {
    const embedder = await readyEmbedder(deps, { signal });
    const captioned = await pictures.captioned(
      { embedder },
      { signal, onProgress: ({ done, total = done }) => change({ embedded: { done, total } }) },
    );
    spaceId = captioned.spaceId;
    await readKept();
    change({ status: 'learning' });
    for await (const event of teacher.teach({ captioned }, { signal })) {
      const { losses = [], validations = [] } = store.getState().lesson ?? {};
      if (event.type === 'start') change({ split: event.split, steps: event.steps });
      else if (event.type === 'step') change({ losses: [...losses, { step: event.step, loss: event.loss }] });
      else if (event.type === 'validation')
        change({
          validations: [...validations, { step: event.step, reciprocalRank: event.reciprocalRank }],
        });
      else {
        learned = { spaceId: captioned.spaceId, projection: event.projection };
        change({ status: 'done', report: event.report });
      }
    }
  }

  function discard(): void {
    running?.abort();
    running = undefined;
    learned = undefined;
    const { lesson: _, ...rest } = store.getState();
    store.setState(rest, true);
  }

  async function start(): Promise<void> {
    discard();
    const abort = new AbortController();
    running = abort;
    store.setState({ lesson: FRESH });
    try {
      await learn(abort.signal);
    } catch (error) {
      if (running !== abort) return;
      if (isAbort(error)) discard();
      else change({ status: 'failed', error: toWire(toAppError(error)) });
    } finally {
      if (running === abort) running = undefined;
    }
  }

  return {
    store,
    start,
    /** Stops the lesson, or throws away what it learned: search stays as it is. */
    discard,

    /** Looks up what is kept for the pictures that are there: the newest indexed one tells the space. */
    async lookUp(newestSpaceId: string | undefined): Promise<void> {
      spaceId = newestSpaceId ?? spaceId;
      await readKept().catch(() => undefined);
    },

    keep: (): Promise<void> =>
      write(async () => {
        const report = store.getState().lesson?.report;
        if (learned === undefined || report === undefined) return;
        const { split, before, after, verdict } = report;
        await projections.keep(learned.spaceId, {
          isOn: true,
          learnedAt: now(),
          pictures: split.pictures.train,
          captions: split.captions.train,
          recall1: { before: before.recall1.mean, after: after.recall1.mean },
          verdict,
          projection: learned.projection,
        });
        discard();
      }, 'What was learned could not be stored'),
    setOn: (isOn: boolean): Promise<void> =>
      write(async () => {
        if (spaceId !== undefined) await projections.setOn(spaceId, isOn);
      }, 'The switch could not be stored'),
    forget: (): Promise<void> =>
      write(async () => {
        if (spaceId !== undefined) await projections.remove(spaceId);
      }, 'What was learned could not be deleted'),

    /** One a line. */
    async setCaptions(imageId: string, text: string): Promise<void> {
      const captions = cleanCaptions(text.split('\n'));
      try {
        await repositories.images.commit({
          updates: [{ id: imageId, change: (stored) => ({ ...stored, captions }) }],
        });
      } catch (error) {
        notify(`The captions could not be stored: ${toAppError(error).message}`);
      }
    },

    /** Adds the file's captions to those that are there. */
    async importFile(file: Blob): Promise<void> {
      const { imported: _, importError: __, ...rest } = store.getState();
      store.setState(rest, true);
      try {
        const entries = parseCaptionsFile(await file.text());
        const { captionsOf, unmatched } = matchCaptions(entries, await repositories.images.list());
        await repositories.images.commit({
          updates: [...captionsOf].map(([id, captions]) => ({
            id,
            change: (stored) => ({
              ...stored,
              captions: cleanCaptions([...(stored.captions ?? []), ...captions]),
            }),
          })),
        });
        store.setState({ imported: { pictures: captionsOf.size, unmatched } });
      } catch (error) {
        store.setState({ importError: toWire(toAppError(error)) });
      }
    },

    dispose(): void {
      running?.abort();
      stopChanges();
    },
  };
}
