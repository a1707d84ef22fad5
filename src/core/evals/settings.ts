import type { SearchRequest } from '#core/ports/library.ts';

type RankingOptions = NonNullable<SearchRequest['ranking']>;

export type RetrievalMode = NonNullable<SearchRequest['mode']>;

/** What the chat model writes beside the question: other wordings of it, or a made-up answer (HyDE). */
export type EvalWordings = 'variants' | 'hypothetical';

/** One way to search. */
export interface EvalSetting {
  readonly mode: RetrievalMode;
  /** Weights of fusion; for 'hybrid' only. */
  readonly weights?: NonNullable<RankingOptions['weights']>;
  readonly mmrLambda?: number;
  readonly wordings?: EvalWordings;
  /** The best passages are read once more by the reranker. */
  readonly isReranked?: true;
}

export interface SettingsGrid {
  readonly modes: readonly RetrievalMode[];
  /** Shares of the dense list in fusion, 0 to 1: 0.5 = both alike. Empty = alike. */
  readonly denseShares?: readonly number[];
  /** λ of MMR; undefined = off. Empty = off. */
  readonly mmrLambdas?: readonly (number | undefined)[];
  /** undefined = the question alone. Empty = alone. */
  readonly wordings?: readonly (EvalWordings | undefined)[];
  /** Without, with, or both. Empty = without. */
  readonly reranked?: readonly boolean[];
}

export const RETRIEVAL_MODES: readonly RetrievalMode[] = ['dense', 'lexical', 'hybrid'];

const MODE_LABELS: Readonly<Record<RetrievalMode, string>> = {
  dense: 'Dense',
  lexical: 'Lexical',
  hybrid: 'Hybrid',
};

const rounded = (value: number): string => String(Math.round(value * 100) / 100);

const WORDINGS_LABELS: Readonly<Record<EvalWordings, string>> = {
  variants: 'several wordings',
  hypothetical: 'HyDE',
};

/** For people, and the key of a setting: no two different settings share it. 'Hybrid 0.7 : 0.3, λ 0.5, HyDE, reranked'. */
export function settingLabel({ mode, weights, mmrLambda, wordings, isReranked }: EvalSetting): string {
  const isWeighted = mode === 'hybrid' && weights !== undefined && weights.dense !== weights.lexical;
  const parts = isWeighted ? [` ${rounded(weights.dense)} : ${rounded(weights.lexical)}`] : [];
  if (mmrLambda !== undefined) parts.push(`, λ ${rounded(mmrLambda)}`);
  if (wordings !== undefined) parts.push(`, ${WORDINGS_LABELS[wordings]}`);
  if (isReranked) parts.push(', reranked');
  return MODE_LABELS[mode] + parts.join('');
}

/** A list of what is to be compared; nothing chosen = the plain search. */
const orOff = <T>(values: readonly (T | undefined)[] | undefined): readonly (T | undefined)[] =>
  values === undefined || values.length === 0 ? [undefined] : values;

/** Every mode with every weight (hybrid only), λ and help, each setting once. A made-up answer has no words to look for. */
export function settingsOf(grid: SettingsGrid): readonly EvalSetting[] {
  const { modes, denseShares = [], mmrLambdas, wordings, reranked } = grid;
  const sharesOf = (mode: RetrievalMode): readonly number[] =>
    mode === 'hybrid' && denseShares.length > 0 ? denseShares : [0.5];
  const all = modes.flatMap((mode) =>
    sharesOf(mode).flatMap((share) =>
      orOff(mmrLambdas).flatMap((mmrLambda) =>
        orOff(wordings)
          .filter((kind) => mode !== 'lexical' || kind !== 'hypothetical')
          .flatMap((kind) =>
            orOff(reranked).map(
              (isReranked): EvalSetting => ({
                mode,
                ...(share === 0.5 ? {} : { weights: { dense: share, lexical: 1 - share } }),
                ...(mmrLambda === undefined ? {} : { mmrLambda }),
                ...(kind === undefined ? {} : { wordings: kind }),
                ...(isReranked ? { isReranked } : {}),
              }),
            ),
          ),
      ),
    ),
  );
  return [...new Map(all.map((setting) => [settingLabel(setting), setting])).values()];
}

/** What a search is asked for when it is measured: the ranking itself, with nothing held back. */
export function rankingOf({ weights, mmrLambda }: EvalSetting): RankingOptions {
  return {
    hasFloor: false,
    keepsCopies: true,
    ...(weights ? { weights } : {}),
    ...(mmrLambda === undefined ? {} : { mmrLambda }),
  };
}
