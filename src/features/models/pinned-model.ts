import { areFilesKnown, pinFiles, pinsOf } from '#core/models/index.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { toAppError } from '#shared/errors.ts';
import type { ModelsDependencies } from './models-state.ts';

/**
 * The model as it is downloaded: hashes that only the hub states are written into its record before the first byte comes,
 * and hold for every later download, also after the files were deleted. Errors: model/integrity, model/not-found, network/*.
 */
export async function pinnedModel(
  { store: files, repositories }: Pick<ModelsDependencies, 'store' | 'repositories'>,
  model: ModelSpec,
  signal: AbortSignal,
): Promise<ModelSpec> {
  if (areFilesKnown(model)) return model;
  const pinned = pinsOf(model, await repositories.models.get(model.id));
  const stated = await files.filesOf({ model }, { signal }).catch((error: unknown) => {
    // Without the hub the files may still come from the page's own server: the pinned hashes hold there too.
    if (pinned.length > 0 && toAppError(error).code.startsWith('network/')) return pinned;
    throw error;
  });
  const whole = pinFiles(model, stated, pinned);
  if (JSON.stringify(whole.files) !== JSON.stringify(pinned)) await repositories.models.save(whole);
  return whole;
}
