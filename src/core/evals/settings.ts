import type { SearchRequest } from '#core/ports/library.ts';

type RankingOptions = NonNullable<SearchRequest['ranking']>;

export type RetrievalMode = NonNullable<SearchRequest['mode']>;

/** One way to search. */
export interface EvalSetting {
  readonly mode: RetrievalMode;
  /** Weights of fusion; for 'hybrid' only. */
  readonly weights?: NonNullable<RankingOptions['weights']>;
  readonly mmrLambda?: number;
}

export interface SettingsGrid {
  readonly modes: readonly RetrievalMode[];
  /** Shares of the dense list in fusion, 0 to 1: 0.5 = both alike. Empty = alike. */
  readonly denseShares?: readonly number[];
  /** λ of MMR; undefined = off. Empty = off. */
  readonly mmrLambdas?: readonly (number | undefined)[];
}

export const RETRIEVAL_MODES: readonly RetrievalMode[] = ['dense', 'lexical', 'hybrid'];

const MODE_LABELS: Readonly<Record<RetrievalMode, string>> = {
  dense: 'Dense',
  lexical: 'Lexical',
  hybrid: 'Hybrid',
};

const rounded = (value: number): string => String(Math.round(value * 100) / 100);

/** For people, and the key of a setting: no two different settings share it. 'Hybrid 0.7 : 0.3, λ 0.5'. */
export function settingLabel({ mode, weights, mmrLambda }: EvalSetting): string {
  const isWeighted = mode === 'hybrid' && weights !== undefined && weights.dense !== weights.lexical;
  const parts = isWeighted ? [` ${rounded(weights.dense)} : ${rounded(weights.lexical)}`] : [];
  if (mmrLambda !== undefined) parts.push(`, λ ${rounded(mmrLambda)}`);
  return MODE_LABELS[mode] + parts.join('');
}

/** Every mode with every weight (hybrid only) and every λ, each setting once. */
export function settingsOf({
  modes,
  denseShares = [],
  mmrLambdas = [],
}: SettingsGrid): readonly EvalSetting[] {
  const settings = new Map<string, EvalSetting>();
  const lambdas = mmrLambdas.length === 0 ? [undefined] : mmrLambdas;
  for (const mode of modes)
    for (const share of mode === 'hybrid' && denseShares.length > 0 ? denseShares : [0.5])
      for (const mmrLambda of lambdas) {
        const setting: EvalSetting = {
          mode,
          ...(share === 0.5 ? {} : { weights: { dense: share, lexical: 1 - share } }),
          ...(mmrLambda === undefined ? {} : { mmrLambda }),
        };
        settings.set(settingLabel(setting), setting);
      }
  return [...settings.values()];
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
