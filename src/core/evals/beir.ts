import * as v from 'valibot';
import { createBreather } from '#shared/breathe.ts';
import { AppError } from '#shared/errors.ts';
import type { EvalDataset, EvalDocument, EvalQuery, Judgements } from './dataset.ts';

/** The three files of the BEIR layout (Thakur et al., NeurIPS 2021), as text. */
export interface BeirFiles {
  readonly corpus: string;
  readonly queries: string;
  readonly qrels: string;
}

export const BEIR_PATHS = {
  corpus: 'corpus.jsonl',
  queries: 'queries.jsonl',
  qrels: 'qrels/test.tsv',
} as const satisfies Record<keyof BeirFiles, string>;

// Ids are numbers in some of the published sets; a title may be missing or null.
const idSchema = v.union([v.pipe(v.string(), v.minLength(1)), v.pipe(v.number(), v.transform(String))]);
const corpusSchema = v.object({ _id: idSchema, title: v.nullish(v.string(), ''), text: v.string() });
const querySchema = v.object({ _id: idSchema, text: v.pipe(v.string(), v.trim(), v.minLength(1)) });

function refuse(file: string, line: number, why: string): never {
  throw new AppError('input/invalid', `${file}, line ${line}: ${why}`, { details: { file, line } });
}

/** Lines that hold something, with their 1-based numbers; without byte order mark and carriage returns. */
function* linesOf(text: string): Generator<readonly [line: string, number: number]> {
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  for (let number = 1; start <= text.length; number++) {
    const next = text.indexOf('\n', start);
    const end = next === -1 ? text.length : next;
    const line = text.slice(start, end).replace(/\r$/, '');
    if (line.trim() !== '') yield [line, number];
    start = end + 1;
  }
}

function* rowsOf<T>(
  file: string,
  text: string,
  schema: v.GenericSchema<unknown, T>,
): Generator<readonly [row: T, line: number]> {
  for (const [line, number] of linesOf(text)) {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      refuse(file, number, 'this is not JSON. Every line is one object: {"_id": "…", "text": "…"}.');
    }
    const parsed = v.safeParse(schema, value);
    if (parsed.success) yield [parsed.output, number];
    else {
      const [issue] = parsed.issues;
      const path = issue === undefined ? '' : (v.getDotPath(issue) ?? '');
      refuse(file, number, `${path === '' ? 'the line' : `“${path}”`} is missing, empty or of another kind.`);
    }
  }
}

function once(seen: Set<string>, id: string, file: string, line: number): void {
  if (seen.has(id)) refuse(file, line, `the id “${id}” was there before.`);
  seen.add(id);
}

async function parseCorpus(text: string): Promise<readonly EvalDocument[]> {
  const breathe = createBreather(undefined);
  const seen = new Set<string>();
  const documents: EvalDocument[] = [];
  for (const [row, line] of rowsOf(BEIR_PATHS.corpus, text, corpusSchema)) {
    once(seen, row._id, BEIR_PATHS.corpus, line);
    documents.push({ id: row._id, title: row.title ?? '', text: row.text });
    await breathe();
  }
  return documents;
}

async function parseQueries(text: string): Promise<readonly EvalQuery[]> {
  const breathe = createBreather(undefined);
  const seen = new Set<string>();
  const queries: EvalQuery[] = [];
  for (const [row, line] of rowsOf(BEIR_PATHS.queries, text, querySchema)) {
    once(seen, row._id, BEIR_PATHS.queries, line);
    queries.push({ id: row._id, text: row.text });
    await breathe();
  }
  return queries;
}

/** 'query-id corpus-id score' by tabs, with or without that heading; four columns are TREC's, the second of them unused. */
async function parseQrels(text: string): Promise<Judgements> {
  const breathe = createBreather(undefined);
  const judgements = new Map<string, Map<string, number>>();
  let isFirst = true;
  for (const [line, number] of linesOf(text)) {
    const cells = line.split('\t').map((cell) => cell.trim());
    const [query = '', document = '', score = ''] =
      cells.length === 4 ? [cells[0], cells[2], cells[3]] : cells;
    const isHeading = isFirst && !/^-?\d+$/.test(score);
    isFirst = false;
    if (isHeading && /id/i.test(query)) continue;
    if (cells.length !== 3 && cells.length !== 4)
      refuse(BEIR_PATHS.qrels, number, 'a line has a query id, a document id and a grade, divided by tabs.');
    if (!/^-?\d+$/.test(score))
      refuse(BEIR_PATHS.qrels, number, `the grade is a whole number, not “${score}”.`);
    if (query === '' || document === '') refuse(BEIR_PATHS.qrels, number, 'an id is empty.');
    const grades = judgements.get(query) ?? new Map<string, number>();
    if (grades.has(document))
      refuse(BEIR_PATHS.qrels, number, `“${document}” was judged for “${query}” before.`);
    grades.set(document, Number(score));
    judgements.set(query, grades);
    await breathe();
  }
  return judgements;
}

/**
 * Reads a set in BEIR layout. Blank lines, a byte order mark, CRLF and missing titles are taken; anything else that is not
 * as it should be is refused by file and line. Lets other work in, however large it is. Errors: input/invalid.
 */
export async function parseBeir(name: string, { corpus, queries, qrels }: BeirFiles): Promise<EvalDataset> {
  const documents = await parseCorpus(corpus);
  if (documents.length === 0) refuse(BEIR_PATHS.corpus, 1, 'there is no document in it.');
  return { name, documents, queries: await parseQueries(queries), judgements: await parseQrels(qrels) };
}

const jsonLines = (rows: readonly unknown[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** The inverse of `parseBeir`. */
export function formatBeir({ documents, queries, judgements }: EvalDataset): BeirFiles {
  const grades = [...judgements].flatMap(([query, byDocument]) =>
    [...byDocument].map(([document, grade]) => `${query}\t${document}\t${grade}\n`),
  );
  return {
    corpus: jsonLines(documents.map(({ id, title, text }) => ({ _id: id, title, text }))),
    queries: jsonLines(queries.map(({ id, text }) => ({ _id: id, text }))),
    qrels: `query-id\tcorpus-id\tscore\n${grades.join('')}`,
  };
}
