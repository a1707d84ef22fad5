import { createScanKernel } from './scan-kernel.ts';

export const BLOCK_ROWS = 256;
const PAGE_BYTES = 65_536;
const LANES = 16;

/**
 * Rows of codes in the memory of the kernel. First what one call needs (query, mask, scores), then blocks of 256 rows:
 * their codes, their steps, their parts along the center, their keys. It grows by single pages in place: there is never a second copy.
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
  let codes = new Int8Array(memory.buffer);
  let floats = new Float32Array(memory.buffer);
  let words = new Uint32Array(memory.buffer);

  function look(): void {
    bytes = new Uint8Array(memory.buffer);
    codes = new Int8Array(memory.buffer);
    floats = new Float32Array(memory.buffer);
    words = new Uint32Array(memory.buffer);
  }

  const endOf = (rows: number): number => blocksAt + Math.ceil(rows / BLOCK_ROWS) * blockBytes;
  const blockOf = (row: number): number => blocksAt + Math.floor(row / BLOCK_ROWS) * blockBytes;
  const codesAt = (row: number): number => blockOf(row) + (row % BLOCK_ROWS) * stride;
  const scaleAt = (row: number): number =>
    (blockOf(row) + BLOCK_ROWS * stride + (row % BLOCK_ROWS) * 4) >>> 2;
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
    /** `write` puts the codes at an offset of an array and returns their step. */
    setCodes(row: number, along: number, write: (codes: Int8Array, at: number) => number): void {
      floats[scaleAt(row)] = write(codes, codesAt(row));
      floats[alongAt(row)] = along;
    },
    /** The numbers that a row's codes stand for, without what it has along the center. */
    decode(row: number, into: Float32Array): void {
      const from = codesAt(row);
      const scale = floats[scaleAt(row)] as number;
      for (let i = 0; i < into.length; i++) into[i] = scale * (codes[from + i] as number);
    },
    copyRow(from: number, to: number): void {
      codes.copyWithin(codesAt(to), codesAt(from), codesAt(from) + stride);
      floats[scaleAt(to)] = floats[scaleAt(from)] as number;
      floats[alongAt(to)] = floats[alongAt(from)] as number;
      words[keyAt(to)] = words[keyAt(from)] as number;
    },
    /** Where the codes of the next query go. */
    query: (): Int16Array => new Int16Array(memory.buffer, 0, stride),
    /**
     * Scores of a block's rows, to be read before the next call. `step`: of the query's codes; `part`: of the query along
     * the center. `mask`: a bit a row, all blocks; the scores of rows that are not in it mean nothing.
     */
    scanBlock(block: number, step: number, part: number, mask: Uint32Array | undefined): Float32Array {
      const at = blocksAt + block * blockBytes;
      const scalesAt = at + BLOCK_ROWS * stride;
      const wordsOfMask = BLOCK_ROWS / 32;
      for (let i = 0; i < wordsOfMask; i++)
        words[(maskAt >>> 2) + i] = mask === undefined ? 0xffffffff : (mask[block * wordsOfMask + i] ?? 0);
      scan(at, stride, BLOCK_ROWS, scalesAt, scalesAt + BLOCK_ROWS * 4, maskAt, 0, step, part, scoresAt);
      return floats.subarray(scoresAt >>> 2, (scoresAt >>> 2) + BLOCK_ROWS);
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
