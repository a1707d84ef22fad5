import { planFit, type RecommendedModel, recommend } from '#core/models/index.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { starterModels } from './mirror.ts';
import type { ModelsState } from './models-state.ts';

/** What the first visit offers: one model, a smaller one to try first, and an embedder for documents. */
export interface FirstOffer {
  readonly main?: RecommendedModel;
  /** Absent when `main` is the smallest already. */
  readonly small?: RecommendedModel;
  readonly embedder?: RecommendedModel;
}

type Seen = Pick<ModelsState, 'machine' | 'catalog' | 'stored' | 'mirrored' | 'isOnline' | 'transfers'>;

/** No network, or a download that just failed to reach its source. */
export function isHubUnreachable({ isOnline, transfers }: Pick<Seen, 'isOnline' | 'transfers'>): boolean {
  return !isOnline || transfers.some(({ error }) => error?.code.startsWith('network/') ?? false);
}

/**
 * The recommended model, unless the hub cannot be reached and this server has the starter model: an offer that cannot be
 * kept is none.
 */
export function firstOffer(state: Seen): FirstOffer {
  const { machine, catalog, stored, mirrored } = state;
  if (machine === undefined) return {};
  const isHere = (id: string): boolean =>
    stored.some(({ modelId, isComplete }) => isComplete && modelId === id);
  const withPlan = (model: ModelSpec | undefined): RecommendedModel | undefined => {
    const plan = model && planFit(model, machine, { isStored: isHere(model.id) });
    return model && plan && plan.fits !== 'no' && plan.downloadFits ? { model, plan } : undefined;
  };
  const advice = recommend(catalog, machine, isHere);
  const starter = starterModels(catalog);
  const small = withPlan(starter.chat) ?? advice.smaller;
  const isSmallReady = small !== undefined && mirrored.includes(small.model.id);
  const main = isSmallReady && isHubUnreachable(state) ? small : (advice.best ?? small);
  const embedder =
    starter.embedder && mirrored.includes(starter.embedder.id) ? withPlan(starter.embedder) : advice.embedder;
  return {
    ...(main ? { main } : {}),
    ...(small && small.model.id !== main?.model.id ? { small } : {}),
    ...(embedder && !isHere(embedder.model.id) ? { embedder } : {}),
  };
}
