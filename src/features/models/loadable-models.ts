import type { ModelSpec } from '#core/ports/model.ts';
import { knownModels } from './model-shelf.ts';
import type { ModelsState } from './models-state.ts';

/** Chat models that can be loaded at once, and the servers. */
export function loadableModels({ stored, added, catalog }: ModelsState): readonly ModelSpec[] {
  const known = knownModels(added, catalog);
  const here = stored.flatMap(({ modelId, isComplete }) => {
    const model = isComplete ? known.get(modelId) : undefined;
    return model?.task === 'chat' ? [model] : [];
  });
  return [...here, ...added.filter(({ engine }) => engine === 'openai')];
}
