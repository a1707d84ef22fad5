import {
  type ImageRecord,
  type ImageVectorSegment,
  ownerOfRow,
  rowIdsOf,
} from '#core/ports/image-records.ts';
import type { CreateLexicalIndex } from '#core/ports/lexical-index.ts';
import type { PictureFilter } from '#core/ports/pictures.ts';
import type { ChangeFeed, ImageRepository } from '#core/ports/repositories.ts';
import type { CreateVectorIndex, VectorIndex } from '#core/ports/vector-index.ts';
import { chooseIndexKind, isRightKind } from '#core/rag/index.ts';
import { createBreather } from '#shared/breathe.ts';
import { createKeySet, type KeySet } from '#shared/key-set.ts';
import { filterKey, passes } from './picture-filter.ts';
import { createKeys } from './picture-keys.ts';
import { createPictureWords } from './picture-words.ts';
import { meansOf, readVectors } from './read-vectors.ts';
import { rowOf } from './vector-math.ts';

export interface PictureIndexPorts {
  readonly images: ImageRepository;
  readonly changes: ChangeFeed;
  readonly createVectorIndex: CreateVectorIndex;
  readonly createLexicalIndex: CreateLexicalIndex;
}

interface Space {
  index: VectorIndex;
  /** The segment in which a picture's vector was last seen. */
  readonly segmentOf: Map<string, number>;
  lastSegment: number;
}

/** How many key sets are kept, while nothing changes. */
const KEPT_FILTERS = 8;

function createKeptFilters() {
  const kept = new Map<string, KeySet>();
  return {
    of(name: string, keys: () => Iterable<number>): KeySet {
      const known = kept.get(name);
      if (known) return known;
      const set = createKeySet(keys());
      if (kept.size >= KEPT_FILTERS) kept.delete(kept.keys().next().value ?? '');
      kept.set(name, set);
      return set;
    },
    clear: () => kept.clear(),
  };
}

const hasSameRows = (a: ImageRecord | undefined, b: ImageRecord): boolean =>
  a === undefined || rowIdsOf(a).join() === rowIdsOf(b).join();

/** The pictures to which rows belong, or the rows themselves where nothing moves. */
function ownersOf(accepted: KeySet, records: ReadonlyMap<string, ImageRecord>, ids: readonly string[]) {
  const hasFilms = [...records.values()].some(({ moments = [] }) => moments.length > 0);
  return hasFilms ? new Set(ids.filter((_, key) => accepted.has(key)).map(ownerOfRow)) : accepted;
}

/**
 * The vectors of all pictures in memory, one index a space, and the words that stand with them. Made from storage when it is
 * first asked, then kept in step: what this or any other tab writes marks its pictures, and the next `sync` reads those again,
 * so that a batch of a running job is found as soon as it is stored. Storage is the truth.
 */
export function createPictureIndex(ports: PictureIndexPorts) {
  const { images, changes, createVectorIndex } = ports;
  const records = new Map<string, ImageRecord>();
  const { ids, keys, keyOf } = createKeys();
  const spaces = new Map<string, Space>();
  const words = createPictureWords(ports.createLexicalIndex);
  const filters = createKeptFilters();
  const counts = new WeakMap<KeySet, number>();
  const dirty = new Set<string>();
  let mustReadAll = true;
  let syncing: Promise<void> | undefined;

  const unsubscribe = changes.subscribe((change) => {
    if (change.store !== 'images') return;
    if (change.ids.length === 0) mustReadAll = true;
    for (const id of change.ids) dirty.add(id);
  });

  function keep(record: ImageRecord): void {
    records.set(record.id, record);
    words.put(record);
  }

  /** Rows of a segment whose pictures say that they are in that space; those of `only`, if it is given. */
  function addSegment(space: Space, segment: ImageVectorSegment, only?: Set<string>): void {
    const { spaceId, imageIds, vectors } = segment;
    const { dimension } = space.index;
    const rows = imageIds.flatMap((id, row) =>
      records.get(ownerOfRow(id))?.spaceId === spaceId && (only?.has(id) ?? true) ? [row] : [],
    );
    const packed = new Float32Array(rows.length * dimension);
    for (const [i, row] of rows.entries()) packed.set(rowOf(vectors, row, dimension), i * dimension);
    space.index.add(
      rows.map((row) => keyOf(imageIds[row] ?? '')),
      packed,
    );
    for (const row of rows) {
      space.segmentOf.set(imageIds[row] ?? '', segment.segment);
      only?.delete(imageIds[row] ?? '');
    }
    space.lastSegment = Math.max(space.lastSegment, segment.segment);
  }

  async function spaceOf(spaceId: string, dimension: number): Promise<Space> {
    const known = spaces.get(spaceId);
    if (known) return known;
    const count = [...records.values()].reduce(
      (sum, record) => (record.spaceId === spaceId ? sum + rowIdsOf(record).length : sum),
      0,
    );
    const index = await createVectorIndex(dimension, { kind: chooseIndexKind(count, 'auto') });
    const space: Space = { index, segmentOf: new Map(), lastSegment: 0 };
    spaces.set(spaceId, space);
    return space;
  }

  /** From a segment on; with `only`, until all of them were met. */
  async function readSpace(
    spaceId: string,
    from: number,
    only?: Set<string>,
    signal?: AbortSignal,
  ): Promise<void> {
    const breathe = createBreather(signal);
    for await (const segment of images.segments(spaceId, from)) {
      if (segment.imageIds.length === 0) continue;
      const dimension = segment.vectors.length / segment.imageIds.length;
      addSegment(await spaceOf(spaceId, dimension), segment, only);
      if (only?.size === 0) return;
      await breathe();
    }
  }

  function drop(id: string): void {
    const record = records.get(id);
    records.delete(id);
    words.remove(id);
    for (const rowId of record ? rowIdsOf(record) : []) {
      const key = keys.get(rowId);
      if (key === undefined) continue;
      for (const { index, segmentOf } of spaces.values()) if (segmentOf.delete(rowId)) index.remove([key]);
    }
  }

  const spacesInUse = (): ReadonlySet<string> =>
    new Set([...records.values()].flatMap(({ spaceId }) => (spaceId === undefined ? [] : [spaceId])));

  async function readAll(signal: AbortSignal | undefined): Promise<void> {
    records.clear();
    spaces.clear();
    words.clear();
    const breathe = createBreather(signal);
    for (const record of await images.list()) {
      keep(record);
      await breathe();
    }
    for (const spaceId of spacesInUse()) await readSpace(spaceId, 0, undefined, signal);
  }

  /** Rows that are new lie at a space's end; what is not there, in a space that was emptied meanwhile, is looked for. */
  async function readAgain(changed: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    const wanted = new Map<string, Set<string>>();
    for (const id of changed) {
      const record = await images.get(id);
      const before = records.get(id);
      const isMoved = !record || before?.spaceId !== record.spaceId || !hasSameRows(before, record);
      if (isMoved) drop(id);
      if (!record) continue;
      keep(record);
      const { spaceId } = record;
      if (spaceId === undefined) continue;
      for (const rowId of rowIdsOf(record))
        if (!spaces.get(spaceId)?.segmentOf.has(rowId))
          wanted.set(spaceId, (wanted.get(spaceId) ?? new Set()).add(rowId));
    }
    for (const [spaceId, only] of wanted) {
      await readSpace(spaceId, spaces.get(spaceId)?.lastSegment ?? 0, only, signal);
      if (only.size > 0) await readSpace(spaceId, 0, only, signal);
    }
  }

  async function changeKinds(signal: AbortSignal | undefined): Promise<void> {
    const inUse = spacesInUse();
    for (const [spaceId, { index }] of [...spaces]) {
      if (!inUse.has(spaceId)) spaces.delete(spaceId);
      else if (!isRightKind(index.kind, index.size, 'auto')) {
        spaces.delete(spaceId);
        await readSpace(spaceId, 0, undefined, signal);
      }
    }
  }

  async function syncNow(signal: AbortSignal | undefined): Promise<void> {
    if (!mustReadAll && dirty.size === 0) return;
    filters.clear();
    const changed = [...dirty];
    dirty.clear();
    const isWhole = mustReadAll;
    mustReadAll = false;
    try {
      if (isWhole) await readAll(signal);
      else await readAgain(changed, signal);
      await changeKinds(signal);
    } catch (error) {
      mustReadAll = true; // half an index would hide pictures
      throw error;
    }
  }

  const accepts = (spaceId: string, filter: PictureFilter = {}): KeySet =>
    filters.of(`${spaceId} ${filterKey(filter)}`, () => {
      const isAsked = (id: string): boolean => {
        const record = records.get(ownerOfRow(id));
        return record?.status === 'ready' && passes(record, filter);
      };
      return [...(spaces.get(spaceId)?.segmentOf.keys() ?? [])].filter(isAsked).map(keyOf);
    });

  /** The vectors of rows, each as it is stored. */
  const rows = (spaceId: string, rowIds: readonly string[], signal?: AbortSignal) =>
    readVectors(images, spaceId, spaces.get(spaceId), rowIds, signal);

  return {
    /** Brings the index in step with storage; several callers share one run. */
    async sync(signal?: AbortSignal): Promise<void> {
      while (syncing) await syncing.catch(() => {});
      syncing = syncNow(signal).finally(() => {
        syncing = undefined;
      });
      await syncing;
    },
    /** Undefined: no picture is in that space. */
    space: (spaceId: string): VectorIndex | undefined => spaces.get(spaceId)?.index,
    spaceIds: (): readonly string[] => [...spaces.keys()],
    searchWords: words.search,
    idOf: (key: number): string => ids[key] ?? '',
    /** The rows of a space whose pictures pass; the same set as long as nothing has changed. */
    accepts,
    /** How many pictures those are; a film counts once. */
    countOf(accepted: KeySet): number {
      const count = counts.get(accepted) ?? ownersOf(accepted, records, ids).size;
      counts.set(accepted, count);
      return count;
    },
    records: (): ReadonlyMap<string, ImageRecord> => records,
    rows,
    /** Stored vectors in the order of the ids, of a film its frames' mean; of one that has none in that space, zeros. */
    async vectors(spaceId: string, wanted: readonly string[], signal?: AbortSignal) {
      const rowIds = wanted.map((id) => rowIdsOf(records.get(id) ?? { id }));
      const lengths = rowIds.map(({ length }) => length);
      return meansOf(await rows(spaceId, rowIds.flat(), signal), lengths);
    },
    /** Takes rows of removed pictures out at once. */
    forget(gone: readonly string[]): void {
      filters.clear();
      for (const id of gone) drop(id);
    },
    dispose: unsubscribe,
  };
}

export type PictureIndex = ReturnType<typeof createPictureIndex>;
