import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { type EvalDataset, judgedQueries } from './dataset.ts';
import { measure, type QueryMetrics, RANKING_DEPTH } from './metrics.ts';
import type { EvalSetting } from './settings.ts';

/**
 * Chunks to documents: a document stands where its best chunk stands (MaxP; Dai and Callan, SIGIR 2019). `found` are the
 * documents of the chunks, best first; `documentsOf` names the documents of the set that a stored one stands for: several,
 * when their bytes are the same.
 */
export function rankDocuments(
  found: readonly string[],
  documentsOf: (documentId: string) => readonly string[],
): readonly string[] {
  return [...new Set(found.flatMap(documentsOf))];
}

interface QueryRun {
  readonly queryId: string;
  /** Document ids, best first, RANKING_DEPTH at most. */
  readonly ranking: readonly string[];
  readonly metrics: QueryMetrics;
  readonly tookMs: number;
}

export interface SettingRun {
  readonly setting: EvalSetting;
  /** One for every judged query, in the order of the set. */
  readonly queries: readonly QueryRun[];
}

/** Best documents of the set for a question. */
type SearchDocuments = (
  query: string,
  setting: EvalSetting,
  options: CallOptions,
) => Promise<readonly string[]>;

export interface RunPorts {
  readonly search: SearchDocuments;
  readonly nowMs: () => number;
}

/** Asks every judged question in one setting, one after the other. Errors: those of the search; abort/by-user. */
export async function runSetting(
  { search, nowMs }: RunPorts,
  dataset: EvalDataset,
  setting: EvalSetting,
  { signal, onProgress }: CallOptions = {},
): Promise<SettingRun> {
  const queries = judgedQueries(dataset);
  const runs: QueryRun[] = [];
  for (const { id, text } of queries) {
    throwIfAborted(signal);
    const startMs = nowMs();
    const found = await search(text, setting, signal ? { signal } : {});
    const ranking = found.slice(0, RANKING_DEPTH);
    const metrics = measure(ranking, dataset.judgements.get(id) ?? new Map());
    runs.push({ queryId: id, ranking, metrics, tookMs: nowMs() - startMs });
    onProgress?.({ phase: 'process', done: runs.length, total: queries.length, unit: 'items', label: text });
  }
  return { setting, queries: runs };
}
