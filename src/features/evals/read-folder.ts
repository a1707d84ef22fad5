import { BEIR_PATHS, type BeirFiles, type EvalDataset, parseBeir } from '#core/evals/index.ts';
import { AppError } from '#shared/errors.ts';

/** All of it is held in memory as text and as rows. */
const MAX_BYTES = 256 * 2 ** 20;

/** 'nfcorpus/qrels/test.tsv' of a chosen folder; a plain file has its name only. */
const pathOf = (file: File): string => file.webkitRelativePath || file.name;

function find(files: readonly File[], path: string): File {
  const name = path.split('/').at(-1) ?? path;
  const inFolder = files.filter((file) => pathOf(file).endsWith(`/${path}`));
  // The set nearest to the top: a folder may hold others below it.
  const [nearest] = inFolder.sort((a, b) => pathOf(a).length - pathOf(b).length);
  const file = nearest ?? files.find((each) => pathOf(each) === path || pathOf(each) === name);
  if (file === undefined)
    throw new AppError(
      'input/invalid',
      `There is no ${path} in this folder. A question set in BEIR layout has ${Object.values(BEIR_PATHS).join(', ')}.`,
    );
  if (file.size > MAX_BYTES)
    throw new AppError(
      'input/too-large',
      `${path} has ${Math.round(file.size / 2 ** 20)} MB; up to ${MAX_BYTES / 2 ** 20} MB can be read. Take a smaller set.`,
    );
  return file;
}

/** The set of a chosen folder, named after it. Errors: input/invalid, input/too-large. */
export async function readBeirFolder(files: readonly File[]): Promise<EvalDataset> {
  const chosen = Object.fromEntries(
    Object.entries(BEIR_PATHS).map(([key, path]) => [key, find(files, path)]),
  ) as Record<keyof BeirFiles, File>;
  const [corpus, queries, qrels] = await Promise.all([
    chosen.corpus.text(),
    chosen.queries.text(),
    chosen.qrels.text(),
  ]);
  const folder = pathOf(chosen.corpus).split('/').at(-2);
  return parseBeir(folder ?? 'Question set', { corpus, queries, qrels });
}
