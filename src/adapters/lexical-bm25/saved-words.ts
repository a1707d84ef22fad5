import { passageTerms } from '#core/rag/index.ts';
import { AppError } from '#shared/errors.ts';
import type { PackedColumns } from './packed-words.ts';
import type { SavedRows } from './passage-rows.ts';

const MAGIC = 0x35574d42; // 'BMW5'
const VERSION = 1;
const HEADER_WORDS = 8;
/** Words of many kinds: when another version makes other terms of them, what was saved goes by words that nobody asks for. */
const PROBE =
  'Pumping stations were rationalised; 1,000 or 3.5 litres/min at 90°C (RV-12a), the café’s naïve résumés, Straße, twenty ' +
  'organizations’ policies agreed hopefully 排水泵は毎月 วาล์ว الضغط';

/** FNV-1a over the terms of the probe. */
function termsMark(): number {
  let mark = 0x811c9dc5;
  for (const char of passageTerms(PROBE).join(' '))
    mark = Math.imul(mark ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return mark >>> 0;
}

export type SavedWords = SavedRows & PackedColumns;

/** Columns in the order in which they lie in the file. All have numbers of four bytes but the letters, which end it. */
function columnsOf(saved: SavedWords): readonly Uint32Array[] {
  const { keys, lengths, starts, listStarts, postings } = saved;
  return [keys, lengths, starts, listStarts, postings];
}

/** Header (magic, version, mark of the terms, rows, words, postings, letters; little-endian), then the columns. */
export function packSaved(saved: SavedWords): Uint8Array<ArrayBuffer> {
  const columns = columnsOf(saved);
  const { keys, starts, postings, codes } = saved;
  const bytes = columns.reduce(
    (sum, { byteLength }) => sum + byteLength,
    HEADER_WORDS * 4 + codes.byteLength,
  );
  const packed = new Uint8Array(bytes);
  const header = [MAGIC, VERSION, termsMark(), keys.length, starts.length - 1, postings.length, codes.length];
  new Uint32Array(packed.buffer, 0, HEADER_WORDS).set(header);
  let at = HEADER_WORDS * 4;
  for (const column of columns) {
    new Uint32Array(packed.buffer, at, column.length).set(column);
    at += column.byteLength;
  }
  new Uint16Array(packed.buffer, at, codes.length).set(codes);
  return packed;
}

/** Ends that never fall, the last of them at the end of what they cut. */
function isCutting(starts: Uint32Array, end: number): boolean {
  for (let i = 1; i < starts.length; i++) if ((starts[i] as number) < (starts[i - 1] as number)) return false;
  return starts[0] === 0 && starts.at(-1) === end;
}

/** The columns are used where they lie: nothing is copied. Errors: storage/corrupt, also for those of another version. */
export function unpackSaved(file: Uint8Array): SavedWords {
  // A number of four bytes begins at a multiple of four.
  const packed = file.byteOffset % 4 === 0 ? file : file.slice();
  const isLong = packed.length >= HEADER_WORDS * 4;
  const header = isLong ? new Uint32Array(packed.buffer, packed.byteOffset, HEADER_WORDS) : [];
  const [magic, version, mark, rows = 0, words = 0, postings = 0, codes = 0] = header;
  const counts = [rows, 2 * rows, words + 1, 2 * words + 1, postings];
  const bytes = counts.reduce((sum, count) => sum + 4 * count, HEADER_WORDS * 4 + 2 * codes);
  const isOurs = magic === MAGIC && version === VERSION && mark === termsMark();
  const corrupt = (): AppError =>
    new AppError('storage/corrupt', 'The stored word index cannot be read. It is built anew.', {
      details: { magic, version, mark, rows, words, postings, bytes: packed.length },
    });
  if (!isOurs || packed.length !== bytes) throw corrupt();
  let at = packed.byteOffset + HEADER_WORDS * 4;
  const next = (count: number): Uint32Array => {
    const column = new Uint32Array(packed.buffer, at, count);
    at += column.byteLength;
    return column;
  };
  const [keys, lengths] = [next(rows), next(2 * rows)];
  const starts = next(words + 1);
  const [listStarts, list] = [next(2 * words + 1), next(postings)];
  if (!isCutting(starts, codes) || !isCutting(listStarts, postings)) throw corrupt();
  return {
    keys,
    lengths,
    starts,
    listStarts,
    postings: list,
    codes: new Uint16Array(packed.buffer, at, codes),
  };
}
