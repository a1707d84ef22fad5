import { BEIR_PATHS, type EvalDataset, formatBeir, formatTrecRun } from '#core/evals/index.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import { AppError } from '#shared/errors.ts';
import type { EvalResult, StoredCorpus } from './evals-state.ts';

/** Raised when a field changes its meaning. */
const REPORT_VERSION = 1;

/** The result as one JSON object: what was measured, with what, and the figures. Rankings are in the runs. */
export function resultJson({ dataset, embedder, helpers, chunkerVersion, report }: EvalResult): string {
  const { settings, comparisons, resampling } = report;
  const whole = {
    format: 'benchtop-retrieval',
    version: REPORT_VERSION,
    dataset,
    embedder,
    helpers,
    chunkerVersion,
    resampling: { method: 'percentile bootstrap over queries, 95 %', ...resampling },
    settings,
    comparisons,
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

export const trecRuns = ({ runs }: EvalResult): string => runs.map(formatTrecRun).join('');

/** Names and texts of a set in BEIR layout; a download has no folders. */
export function beirFilesOf(dataset: EvalDataset): readonly (readonly [name: string, text: string])[] {
  const files = formatBeir(dataset);
  return (['corpus', 'queries', 'qrels'] as const).map(
    (key) => [`${dataset.name}-${BEIR_PATHS[key].replace('/', '-')}`, files[key]] as const,
  );
}

/** One JSON object a line and passage: the documents of the set it stands for, its place, the headings above it, its text. */
export async function passageLines(
  library: LibraryRepository,
  { collectionId, idsOf }: StoredCorpus,
  signal: AbortSignal,
): Promise<string> {
  const lines: string[] = [];
  for (const { id } of await library.documents(collectionId)) {
    if (signal.aborted) throw new AppError('abort/by-user', 'Cancelled');
    for (const { ordinal, headingPath, text } of await library.chunks(id))
      lines.push(`${JSON.stringify({ ids: idsOf.get(id) ?? [], ordinal, headings: headingPath, text })}\n`);
  }
  return lines.join('');
}
