import * as v from 'valibot';
import { AppError } from '#shared/errors.ts';
import { meaningKey } from './contrastive-split.ts';

/** What a file says of one picture. */
export interface CaptionEntry {
  /** Name or path of the picture. */
  readonly file: string;
  readonly captions: readonly string[];
}

export interface MatchedCaptions {
  /** Captions by picture id. */
  readonly captionsOf: ReadonlyMap<string, readonly string[]>;
  /** Files of the list that no picture, or more than one, goes by. */
  readonly unmatched: readonly string[];
}

/** Longer texts are cut off by the model anyway. */
const MOST_CHARACTERS = 500;
const MOST_CAPTIONS = 50;

const text = v.fallback(v.optional(v.string()), undefined);
const texts = v.fallback(v.optional(v.array(v.string())), undefined);
const entrySchema = v.object({
  file: text,
  file_name: text,
  image: text,
  name: text,
  id: text,
  caption: v.fallback(v.optional(v.union([v.string(), v.array(v.string())])), undefined),
  captions: texts,
  text,
  keywords: texts,
});
const listSchema = v.array(v.looseObject({}));
const fileSchema = v.union([
  listSchema,
  v.pipe(
    v.object({ pictures: listSchema }),
    v.transform(({ pictures }) => pictures),
  ),
  v.pipe(
    v.record(v.string(), v.union([v.string(), v.array(v.string())])),
    v.transform((byFile) => Object.entries(byFile).map(([file, caption]) => ({ file, caption }))),
  ),
]);

/** Trimmed, each once, none too long; order as given. */
export function cleanCaptions(captions: readonly string[]): readonly string[] {
  const byMeaning = new Map<string, string>();
  for (const caption of captions) {
    const clean = caption.replace(/\s+/g, ' ').trim().slice(0, MOST_CHARACTERS);
    if (clean !== '' && !byMeaning.has(meaningKey(clean))) byMeaning.set(meaningKey(clean), clean);
  }
  return [...byMeaning.values()].slice(0, MOST_CAPTIONS);
}

function fromJson(content: string): readonly CaptionEntry[] {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (cause) {
    throw new AppError('input/invalid', 'The captions file is no JSON. Check it, or use CSV.', { cause });
  }
  const list = v.safeParse(fileSchema, json);
  if (!list.success)
    throw new AppError(
      'input/invalid',
      'The captions file has no list of pictures. It takes [{ "file": "a.jpg", "caption": "…" }] or { "a.jpg": "…" }.',
    );
  return list.output.map((item) => {
    const entry = v.parse(entrySchema, item);
    const { caption = [], captions = [], keywords = [], text: said } = entry;
    return {
      file: entry.file ?? entry.file_name ?? entry.image ?? entry.name ?? entry.id ?? '',
      captions: [
        ...(typeof caption === 'string' ? [caption] : caption),
        ...captions,
        ...(said ? [said] : []),
        ...keywords,
      ],
    };
  });
}

/** Rows of a CSV (RFC 4180); the separator is the one that the first line has more of. */
function csvRows(content: string): readonly (readonly string[])[] {
  const head = content.slice(0, content.search(/\r?\n|$/));
  const separator = [',', ';', '\t'].reduce((best, next) =>
    head.split(next).length > head.split(best).length ? next : best,
  );
  const rows: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  for (let i = 0; i < content.length; i++) {
    const character = content[i] ?? '';
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (content[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else isQuoted = false;
    } else if (character === '"' && cell === '') isQuoted = true;
    else if (character === separator || character === '\n') {
      rows.at(-1)?.push(cell.replace(/\r$/, ''));
      cell = '';
      if (character === '\n') rows.push([]);
    } else cell += character;
  }
  rows.at(-1)?.push(cell.replace(/\r$/, ''));
  return rows.filter((row) => row.some((value) => value.trim() !== ''));
}

const FILE_COLUMNS = ['file', 'file_name', 'filename', 'image', 'picture', 'name', 'id'];
const CAPTION_COLUMNS = ['caption', 'captions', 'text', 'description'];

function fromCsv(content: string): readonly CaptionEntry[] {
  const [head = [], ...rows] = csvRows(content);
  const names = head.map((name) => name.trim().toLowerCase());
  const columnOf = (wanted: readonly string[]): number =>
    wanted.map((name) => names.indexOf(name)).find((at) => at !== -1) ?? -1;
  const [file, caption] = [columnOf(FILE_COLUMNS), columnOf(CAPTION_COLUMNS)];
  if (file === -1 || caption === -1)
    throw new AppError(
      'input/invalid',
      'The first line of a captions file in CSV has to name the columns “file” and “caption”.',
    );
  return rows.map((row) => ({ file: row[file] ?? '', captions: [row[caption] ?? ''] }));
}

/**
 * Captions of a JSON file (a list of { file, caption, captions, keywords }, the same below "pictures", or file → caption)
 * or of a CSV file with the columns "file" and "caption", several lines a picture allowed. Errors: input/invalid.
 */
export function parseCaptionsFile(content: string): readonly CaptionEntry[] {
  const plain = content.replace(/^\uFEFF/, '');
  const entries = /^\s*[[{]/.test(plain) ? fromJson(plain) : fromCsv(plain);
  const byFile = new Map<string, string[]>();
  for (const { file, captions } of entries) {
    const name = file.trim();
    if (name === '') continue;
    byFile.set(name, [...(byFile.get(name) ?? []), ...captions]);
  }
  const found = [...byFile]
    .map(([file, captions]) => ({ file, captions: cleanCaptions(captions) }))
    .filter(({ captions }) => captions.length > 0);
  if (found.length > 0) return found;
  throw new AppError(
    'input/invalid',
    'The captions file has no captions. Each picture needs a file name and a text.',
  );
}

const pathOf = (name: string): string =>
  name
    .replaceAll('\\', '/')
    .replace(/^\.?\//, '')
    .toLowerCase();
const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const stemOf = (name: string): string => name.replace(/\.[^.]+$/, '');

/** Which picture each entry means: by its whole path, else by its file name, else by that without its ending. */
export function matchCaptions(
  entries: readonly CaptionEntry[],
  pictures: readonly { readonly id: string; readonly name: string }[],
): MatchedCaptions {
  const keys = [
    pathOf,
    (name: string) => lastOf(pathOf(name)),
    (name: string) => stemOf(lastOf(pathOf(name))),
  ];
  const known = keys.map((keyOf) => {
    const ids = new Map<string, string[]>();
    for (const { id, name } of pictures) ids.set(keyOf(name), [...(ids.get(keyOf(name)) ?? []), id]);
    return { keyOf, ids };
  });
  const captionsOf = new Map<string, readonly string[]>();
  const unmatched: string[] = [];
  for (const { file, captions } of entries) {
    const hits = known.map(({ keyOf, ids }) => ids.get(keyOf(file)) ?? []).find((ids) => ids.length > 0);
    const [id] = hits ?? [];
    if (id === undefined || hits?.length !== 1) unmatched.push(file);
    else captionsOf.set(id, cleanCaptions([...(captionsOf.get(id) ?? []), ...captions]));
  }
  return { captionsOf, unmatched };
}
