import type { ModelSpec } from '#core/ports/model.ts';
import type { MachineProfile } from './machine.ts';
import { type FitPlan, planFit } from './plan-fit.ts';
import { qualityScore, thinksFirst } from './quality.ts';

export interface RecommendedModel {
  readonly model: ModelSpec;
  readonly plan: FitPlan;
}

/** One model to begin with, one smaller and one larger where they exist, and an embedder for documents. */
export interface Recommendation {
  /** Absent: nothing in the catalog can run here. */
  readonly best?: RecommendedModel;
  readonly smaller?: RecommendedModel;
  readonly larger?: RecommendedModel;
  readonly embedder?: RecommendedModel;
}

/** A first download should be over before the coffee is cold. */
const FIRST_DOWNLOAD_BYTES = { desktop: 2.6e9, mobile: 1e9 };

/** A question, a few sources and an answer. */
const LEAST_USEFUL_CONTEXT_TOKENS = 2048;

interface Candidate extends RecommendedModel {
  readonly score: number;
  readonly bytes: number;
}

function candidates(
  catalog: readonly ModelSpec[],
  machine: MachineProfile,
  isStored: (id: string) => boolean,
): Candidate[] {
  const list: Candidate[] = [];
  for (const model of catalog) {
    if (model.task !== 'chat' || model.engine === 'openai') continue;
    if (model.seesImages) continue; // a part of it sees: for words alone another one of its size is better
    const plan = planFit(model, machine, { isStored: isStored(model.id) });
    if (plan.fits === 'no' || !plan.downloadFits || plan.downloadBytes === undefined) continue;
    if (plan.contextTokens < LEAST_USEFUL_CONTEXT_TOKENS) continue;
    list.push({ model, plan, score: qualityScore(model), bytes: plan.downloadBytes });
  }
  // Best first; of equals the quicker, then the smaller, then by id, so that the answer never depends on the order.
  return list.sort(
    (a, b) =>
      b.score - a.score ||
      b.plan.expectedTokensPerSecond - a.plan.expectedTokensPerSecond ||
      a.bytes - b.bytes ||
      a.model.id.localeCompare(b.model.id),
  );
}

/** Tokens a second from which a model that thinks first does not feel stuck. */
const THINKING_TOKENS_PER_SECOND = 15;

function isQuick({ model, plan }: RecommendedModel): boolean {
  if (thinksFirst(model)) return plan.expectedTokensPerSecond >= THINKING_TOKENS_PER_SECOND;
  return plan.speedClass === 'fast' || plan.speedClass === 'fine';
}

function pickBest(list: readonly Candidate[], machine: MachineProfile): Candidate | undefined {
  const limit = machine.isMobile ? FIRST_DOWNLOAD_BYTES.mobile : FIRST_DOWNLOAD_BYTES.desktop;
  const safe = list.filter((c) => c.plan.fits === 'yes');
  const good = safe.find((c) => isQuick(c) && c.bytes <= limit);
  if (good) return good;
  const quickest = (from: readonly Candidate[]): Candidate | undefined =>
    from.toSorted((a, b) => b.plan.expectedTokensPerSecond - a.plan.expectedTokensPerSecond)[0];
  return quickest(safe) ?? quickest(list);
}

function pickLarger(list: readonly Candidate[], best: Candidate): Candidate | undefined {
  const above = list.filter(
    (c) => c.score > best.score && c.bytes > best.bytes * 1.2 && c.plan.speedClass !== 'very slow',
  );
  return above.find((c) => c.bytes <= best.bytes * 3.2) ?? above.at(-1);
}

function pickEmbedder(catalog: readonly ModelSpec[], machine: MachineProfile): RecommendedModel | undefined {
  return catalog
    .filter((model) => model.task === 'embed-text' && model.engine === 'transformers')
    .map((model) => ({ model, plan: planFit(model, machine) }))
    .filter(({ plan }) => plan.fits !== 'no' && plan.downloadFits)
    .sort(
      (a, b) => (b.model.needs.memoryBytes <= 400e6 ? 1 : 0) - (a.model.needs.memoryBytes <= 400e6 ? 1 : 0),
    )[0];
}

const bare = (candidate: Candidate): RecommendedModel => ({ model: candidate.model, plan: candidate.plan });

/**
 * What to offer first on a machine: the best model that fits safely, writes at reading speed or faster and is not a huge
 * download; one clearly smaller; one clearly larger, if it runs at all. The catalog's order decides nothing but the
 * embedder, where the first that is light wins. More memory never recommends a worse model.
 */
export function recommend(
  catalog: readonly ModelSpec[],
  machine: MachineProfile,
  isStored: (id: string) => boolean = () => false,
): Recommendation {
  const list = candidates(catalog, machine, isStored);
  const best = pickBest(list, machine);
  const embedder = pickEmbedder(catalog, machine);
  if (!best) return embedder ? { embedder } : {};
  const smaller = list.find((c) => c.bytes <= best.bytes * 0.6 && c.plan.fits === 'yes');
  const larger = pickLarger(list, best);
  return {
    best: bare(best),
    ...(smaller ? { smaller: bare(smaller) } : {}),
    ...(larger ? { larger: bare(larger) } : {}),
    ...(embedder ? { embedder } : {}),
  };
}
