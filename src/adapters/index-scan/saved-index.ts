import { AppError } from '#shared/errors.ts';

const MAGIC = 0x38495442; // 'BTI8'
const VERSION = 1;
const HEADER_WORDS = 8;
const HEADER_BYTES = HEADER_WORDS * 4;

export interface SavedIndex {
  readonly rows: number;
  readonly largestStep: number;
  readonly center: Float32Array;
  /** The blocks of a code store, as they are in memory. */
  readonly blocks: Uint8Array;
  /** The slots of the row table: to fill it again would take longer than all the rest. */
  readonly slots: Uint32Array;
}

/** Header (magic, version, dimension, rows, slots, largest step; little-endian), center, slots, blocks. */
export function packIndex(
  dimension: number,
  { rows, largestStep, center, blocks, slots }: SavedIndex,
): Uint8Array<ArrayBuffer> {
  const slotsAt = HEADER_BYTES + dimension * 4;
  const blocksAt = slotsAt + slots.byteLength;
  const packed = new Uint8Array(blocksAt + blocks.length);
  new Uint32Array(packed.buffer, 0, HEADER_WORDS).set([MAGIC, VERSION, dimension, rows, slots.length]);
  new Float32Array(packed.buffer, 0, HEADER_WORDS)[5] = largestStep;
  new Float32Array(packed.buffer, HEADER_BYTES, dimension).set(center);
  new Uint32Array(packed.buffer, slotsAt, slots.length).set(slots);
  packed.set(blocks, blocksAt);
  return packed;
}

/** Errors: storage/corrupt, when it is not what `packIndex` gave for that dimension. */
export function unpackIndex(
  packed: Uint8Array,
  dimension: number,
  bytesOf: (rows: number) => number,
): SavedIndex {
  const header = new Uint32Array(HEADER_WORDS);
  new Uint8Array(header.buffer).set(packed.subarray(0, HEADER_BYTES));
  const [magic, version, saved = 0, rows = 0, slotCount = 0] = header;
  const slotsAt = HEADER_BYTES + dimension * 4;
  const blocksAt = slotsAt + slotCount * 4;
  const isWhole =
    magic === MAGIC &&
    version === VERSION &&
    saved === dimension &&
    slotCount > rows &&
    Number.isInteger(Math.log2(slotCount)) &&
    packed.length === blocksAt + bytesOf(rows);
  if (!isWhole)
    throw new AppError('storage/corrupt', 'The stored index cannot be read. It is built anew.', {
      details: { magic, version, dimension: saved, rows, bytes: packed.length },
    });
  return {
    rows,
    largestStep: new Float32Array(header.buffer)[5] ?? 0,
    blocks: packed.subarray(blocksAt),
    center: new Float32Array(packed.slice(HEADER_BYTES, slotsAt).buffer),
    slots: new Uint32Array(packed.slice(slotsAt, blocksAt).buffer),
  };
}
