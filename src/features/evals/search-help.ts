import { type EvalDataset, type EvalSetting, type EvalWordings, judgedQueries } from '#core/evals/index.ts';
import type { SearchRequest } from '#core/ports/library.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import type { EvalResult, EvalsDependencies, Wordings } from './evals-state.ts';

/** What a setting adds to the search for a question. */
export type HelpOf = (query: string, setting: EvalSetting) => Pick<SearchRequest, 'also' | 'reranker'>;

interface HelpOptions extends CallOptions {
  readonly onAsking: (what: string) => void;
}

const ASKING: Readonly<Record<EvalWordings, string>> = {
  variants: 'the chat model for other wordings',
  hypothetical: 'the chat model for made-up answers',
};

/**
 * Lets the chat model write before anything is measured: once a question, the same words in every setting, and its time is
 * not counted as the search's.
 */
export async function prepareHelp(
  deps: Pick<EvalsDependencies, 'reranker' | 'wordings'>,
  dataset: EvalDataset,
  settings: readonly EvalSetting[],
  { onAsking, onProgress, signal }: HelpOptions,
): Promise<{ readonly of: HelpOf; readonly models: EvalResult['helpers'] }> {
  const reranker = settings.some(({ isReranked }) => isReranked) ? await deps.reranker() : undefined;
  if (reranker === undefined && settings.some(({ isReranked }) => isReranked))
    throw new AppError('model/not-found', 'Reranking needs a reranker. Download one in Models.');
  const kinds = new Set(settings.flatMap(({ wordings }) => (wordings === undefined ? [] : [wordings])));
  const queries = kinds.size === 0 ? [] : judgedQueries(dataset);
  const written = new Map<string, Wordings>();
  const keyOf = (query: string, kind: EvalWordings): string => `${kind} ${query}`;
  for (const kind of kinds) {
    onAsking(ASKING[kind]);
    for (const [i, { text }] of queries.entries()) {
      written.set(keyOf(text, kind), await deps.wordings(text, kind, signal ? { signal } : {}));
      onProgress?.({ phase: 'process', done: i + 1, total: queries.length, unit: 'items', label: text });
    }
  }
  const [first] = written.values();
  return {
    of: (query, { wordings, isReranked }) => ({
      ...(wordings === undefined ? {} : { also: written.get(keyOf(query, wordings))?.also ?? [] }),
      ...(isReranked && reranker ? { reranker } : {}),
    }),
    models: {
      ...(reranker ? { reranker: reranker.id } : {}),
      ...(first ? { chatModel: first.modelId } : {}),
    },
  };
}
