import { createScanKernel } from './scan-kernel.ts';

export const BLOCK_ROWS = 256;
const PAGE_BYTES = 65_536;
const LANES = 32;
/** Rows that the kernel takes at once. */
const GROUP_ROWS = 4;

/** A query whose codes were put where `query` says. */
export interface CodedQuery {
  readonly step: number;
  /** Of its codes. */
  readonly sum: number;
  /** What it has along the center. */
  readonly part: number;
}

/** A code (-128 to 127) is 16 × upper + lower - 128, both 0 to 15. */
const OFFSET = 128;
/** What the lower half is in the mean, as long as it is not looked at. */
const LOWER_MEAN = 7.5;

/**
 * Rows of codes in the memory of the kernel. First what one call needs (query, mask, scores), then blocks of 256 rows:
 * the upper halves of their codes, the lower halves, their steps, their parts along the center, their keys. A scan reads
 * the upper halves only, which is half of the memory that it would have to wait for. It grows by single pages in place: there is never a second copy.
 */
export function createCodeStore(dimension: number) {
  const stride = Math.ceil(dimension / LANES) * LANES;
  const blockBytes = BLOCK_ROWS * (stride + 12);
  const maskAt = stride * 2;
  const scoresAt = maskAt + BLOCK_ROWS / 8;
  const blocksAt = scoresAt + BLOCK_ROWS * 4;

  let memory = new WebAssembly.Memory({ initial: Math.ceil(blocksAt / PAGE_BYTES) });
  let scan = createScanKernel(memory);
  let bytes = new Uint8Array(memory.buffer);
  let floats = new Float32Array(memory.buffer);
  let words = new Uint32Array(memory.buffer);

  function look(): void {
    bytes = new Uint8Array(memory.buffer);
    floats = new Float32Array(memory.buffer);
    words = new Uint32Array(memory.buffer);
  }

  const endOf = (rows: number): number => blocksAt + Math.ceil(rows / BLOCK_ROWS) * blockBytes;
  const blockOf = (row: number): number => blocksAt + Math.floor(row / BLOCK_ROWS) * blockBytes;
  const rowBytes = stride / 2;
  const planeBytes = BLOCK_ROWS * rowBytes;
  const upperAt = (row: number): number => blockOf(row) + (row % BLOCK_ROWS) * rowBytes;
  const lowerAt = (row: number): number => upperAt(row) + planeBytes;
  const scaleAt = (row: number): number => (blockOf(row) + planeBytes * 2 + (row % BLOCK_ROWS) * 4) >>> 2;
  const alongAt = (row: number): number => scaleAt(row) + BLOCK_ROWS;
  const keyAt = (row: number): number => alongAt(row) + BLOCK_ROWS;

  function reserve(rows: number): void {
    const missing = endOf(rows) - memory.buffer.byteLength;
    if (missing <= 0) return;
    memory.grow(Math.ceil(missing / PAGE_BYTES));
    look();
  }

  return {
    stride,
    get bytes() {
      return memory.buffer.byteLength;
    },
    /** Makes room for so many rows in all. */
    reserve,
    /** Gives memory back when less than half of it is used: it can only be had anew. */
    shrink(rows: number): void {
      const end = endOf(rows);
      if (memory.buffer.byteLength < PAGE_BYTES * 4 || end * 2 > memory.buffer.byteLength) return;
      const kept = bytes.subarray(0, end);
      memory = new WebAssembly.Memory({ initial: Math.ceil(end / PAGE_BYTES) });
      scan = createScanKernel(memory);
      look();
      bytes.set(kept);
    },
    key: (row: number): number => words[keyAt(row)] as number,
    scale: (row: number): number => floats[scaleAt(row)] as number,
    setKey(row: number, key: number): void {
      words[keyAt(row)] = key;
    },
    /** `codes`: of one row, its step, its part along the center. */
    setRow(row: number, codes: Int8Array, step: number, along: number): void {
      const [upper, lower] = [upperAt(row), lowerAt(row)];
      // 16 bytes hold 32 numbers: the first 16 in the low halves, the others in the high ones.
      for (let at = 0; at < rowBytes; at++) {
        const i = ((at >> 4) << 5) | (at & 15);
        const first = (codes[i] as number) + OFFSET;
        const second = (codes[i + 16] as number) + OFFSET;
        bytes[upper + at] = (first >> 4) | (second & 0xf0);
        bytes[lower + at] = (first & 15) | ((second & 15) << 4);
      }
      floats[scaleAt(row)] = step;
      floats[alongAt(row)] = along;
    },
    /** The numbers that a row's codes stand for, without what it has along the center. */
    decode(row: number, into: Float32Array): void {
      const [upper, lower] = [upperAt(row), lowerAt(row)];
      const step = floats[scaleAt(row)] as number;
      for (let i = 0; i < into.length; i++) {
        const at = ((i >> 5) << 4) | (i & 15);
        const shift = (i & 16) >> 2;
        const code =
          ((((bytes[upper + at] as number) >> shift) & 15) << 4) |
          (((bytes[lower + at] as number) >> shift) & 15);
        into[i] = step * (code - OFFSET);
      }
    },
    copyRow(from: number, to: number): void {
      bytes.copyWithin(upperAt(to), upperAt(from), upperAt(from) + rowBytes);
      bytes.copyWithin(lowerAt(to), lowerAt(from), lowerAt(from) + rowBytes);
      floats[scaleAt(to)] = floats[scaleAt(from)] as number;
      floats[alongAt(to)] = floats[alongAt(from)] as number;
      words[keyAt(to)] = words[keyAt(from)] as number;
    },
    /** Where the codes of the next query go. */
    query: (): Int16Array => new Int16Array(memory.buffer, 0, stride),
    /**
     * Scores of a block's rows by the upper halves, to be read before the next call. `mask`: a bit a row, all blocks; the
     * scores of rows that are not in it mean nothing.
     */
    scanBlock(block: number, { step, sum, part }: CodedQuery, mask: Uint32Array | undefined): Float32Array {
      const at = blocksAt + block * blockBytes;
      const scalesAt = at + planeBytes * 2;
      const wordsOfMask = BLOCK_ROWS / 32;
      for (let i = 0; i < wordsOfMask; i++)
        words[(maskAt >>> 2) + i] = mask === undefined ? 0xffffffff : (mask[block * wordsOfMask + i] ?? 0);
      const bias = step * sum * (LOWER_MEAN - OFFSET);
      scan(
        at,
        stride,
        BLOCK_ROWS,
        scalesAt,
        scalesAt + BLOCK_ROWS * 4,
        maskAt,
        0,
        step * 16,
        bias,
        part,
        scoresAt,
      );
      return floats.subarray(scoresAt >>> 2, (scoresAt >>> 2) + BLOCK_ROWS);
    },
    /** What the lower half of a row's codes adds to its score. */
    lowerScore(row: number, { step, sum }: CodedQuery): number {
      const first = row - (row % GROUP_ROWS);
      const scalesAt = scaleAt(first) * 4;
      words[maskAt >>> 2] = 0xf;
      scan(
        lowerAt(first),
        stride,
        GROUP_ROWS,
        scalesAt,
        scalesAt,
        maskAt,
        0,
        step,
        -step * sum * LOWER_MEAN,
        0,
        scoresAt,
      );
      return floats[(scoresAt >>> 2) + row - first] as number;
    },
    /** The blocks of so many rows, as `load` takes them. A view: copy it before anything else is called. */
    dump: (rows: number): Uint8Array => bytes.subarray(blocksAt, endOf(rows)),
    dumpBytes: (rows: number): number => endOf(rows) - blocksAt,
    load(rows: number, dumped: Uint8Array): void {
      reserve(rows);
      bytes.set(dumped, blocksAt);
    },
  };
}
