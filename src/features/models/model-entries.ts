import {
  type FitPlan,
  type MachineProfile,
  planFit,
  type Recommendation,
  recommend,
} from '#core/models/index.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import type { StoredModel } from '#core/ports/model-store.ts';
import { embedderOf, imageEmbedderOf, knownModels } from './model-shelf.ts';
import type { ModelsState } from './models-state.ts';

/** One model as the screen shows it. */
export interface ModelEntry {
  readonly model: ModelSpec;
  readonly plan: FitPlan;
  /** Files on this device, complete or not. */
  readonly stored?: StoredModel;
  readonly isEmbedder: boolean;
  /** The same for pictures. */
  readonly isImageEmbedder: boolean;
}

export type RecommendedRole = keyof Recommendation;

export interface ModelSections {
  readonly recommended: readonly { readonly role: RecommendedRole; readonly entry: ModelEntry }[];
  readonly here: readonly ModelEntry[];
  readonly others: readonly ModelEntry[];
}

type Shelf = Pick<ModelsState, 'stored' | 'added' | 'catalog' | 'chosenEmbedderId' | 'chosenImageEmbedderId'>;

/** On this device as far as the user is concerned: complete, a server, or begun. */
const isHere = ({ model, stored }: ModelEntry): boolean => model.engine === 'openai' || stored !== undefined;

/** Files whose model nobody knows any more: they take space and can be deleted. */
function orphan({ modelId }: StoredModel): ModelSpec {
  return {
    id: modelId,
    task: 'chat',
    engine: 'wllama',
    label: modelId,
    licence: 'unknown',
    contextTokens: 1,
    languages: [],
    needs: { gpu: 'none', shaderF16: false, memoryBytes: 0 },
    files: [],
    sources: [],
    quantization: 'unknown',
    summary: 'Its files are here, but this version of Benchtop does not know the model any more.',
  };
}

export const isOrphan = ({ model }: ModelEntry): boolean =>
  model.sources.length === 0 && model.engine !== 'openai';

/**
 * What is recommended and not here yet, what is here, and the rest. Every model is in one of them only. A download that
 * was begun from a recommended card stays there until it is complete, so that no card jumps away under the pointer.
 */
export function sectionsOf(shelf: Shelf, machine: MachineProfile): ModelSections {
  const { stored, added, catalog } = shelf;
  const byId = new Map(stored.map((entry) => [entry.modelId, entry]));
  const known = knownModels(added, catalog);
  const embedderId = embedderOf(shelf)?.id;
  const imageEmbedderId = imageEmbedderOf(shelf)?.id;
  const entryOf = (model: ModelSpec): ModelEntry => {
    const entry = byId.get(model.id);
    return {
      model,
      plan: planFit(model, machine, { isStored: entry?.isComplete ?? false }),
      ...(entry ? { stored: entry } : {}),
      isEmbedder: model.id === embedderId,
      isImageEmbedder: model.id === imageEmbedderId,
    };
  };
  const all = [...known.values()].map(entryOf);
  const orphans = stored.filter(({ modelId }) => !known.has(modelId)).map((entry) => entryOf(orphan(entry)));
  const advice = recommend(catalog, machine, (id) => byId.get(id)?.isComplete ?? false);
  const roles: readonly RecommendedRole[] = ['best', 'smaller', 'larger', 'embedder'];
  const recommended = roles.flatMap((role) => {
    const id = advice[role]?.model.id;
    const entry = all.find(({ model }) => model.id === id);
    return entry && !entry.stored?.isComplete ? [{ role, entry }] : [];
  });
  const taken = new Set(recommended.map(({ entry }) => entry.model.id));
  const rest = all.filter(({ model }) => !taken.has(model.id));
  return {
    recommended,
    here: [...rest.filter(isHere), ...orphans],
    others: rest.filter((entry) => !isHere(entry)),
  };
}

export interface ModelFilter {
  readonly query: string;
  /** '' = any. */
  readonly task: string;
  readonly engine: string;
  readonly licence: string;
  readonly language: string;
  readonly onlyFitting: boolean;
  /** Chat models that take pictures. */
  readonly onlySeeing: boolean;
}

export const EVERYTHING: ModelFilter = {
  query: '',
  task: '',
  engine: '',
  licence: '',
  language: '',
  onlyFitting: false,
  onlySeeing: false,
};

function textOf({ label, id, summary, quantization, licence, seesImages }: ModelSpec): string {
  const sight = seesImages ? 'sees pictures images vision' : '';
  return `${label} ${id} ${summary} ${quantization} ${licence} ${sight}`.toLowerCase();
}

/** All words of the query, in any order; order of the entries is kept. */
export function filterEntries(entries: readonly ModelEntry[], filter: ModelFilter): readonly ModelEntry[] {
  const words = filter.query.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(({ model, plan }) => {
    if (filter.onlyFitting && (plan.fits === 'no' || !plan.downloadFits)) return false;
    if (filter.onlySeeing && model.seesImages !== true) return false;
    if (filter.task && model.task !== filter.task) return false;
    if (filter.engine && model.engine !== filter.engine) return false;
    if (filter.licence && model.licence !== filter.licence) return false;
    if (filter.language && !model.languages.includes(filter.language)) return false;
    const text = textOf(model);
    return words.every((word) => text.includes(word));
  });
}

/** The values that a filter can take in a list, most frequent first. */
export function valuesOf(
  entries: readonly ModelEntry[],
  read: (model: ModelSpec) => readonly string[],
): readonly string[] {
  const counts = new Map<string, number>();
  for (const { model } of entries)
    for (const value of read(model)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([value]) => value);
}
