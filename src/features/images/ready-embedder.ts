import type { ModelSpec } from '#core/ports/model.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import type { ImagesDependencies } from './images-state.ts';

type Choice = Pick<ImagesDependencies, 'embedder' | 'fetchModel'>;

/** The model that pictures are read with. Errors: model/not-found. */
export async function chosenEmbedder({ embedder }: Choice): Promise<ModelSpec> {
  const model = await embedder();
  if (model) return model;
  throw new AppError(
    'model/not-found',
    'The model that reads pictures is missing from the catalog. Reload the page, or choose one in Models.',
  );
}

/** The same, its files on this device. Errors: model/not-found, network/*. */
export async function readyEmbedder(choice: Choice, options: CallOptions = {}): Promise<ModelSpec> {
  const model = await chosenEmbedder(choice);
  await choice.fetchModel(model, options);
  return model;
}
