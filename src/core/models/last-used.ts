import * as v from 'valibot';
import type { SettingsRepository } from '#core/ports/repositories.ts';

/** What the user asked to be loaded; what is left out is the planner's choice. */
export interface LoadWish {
  readonly modelId: string;
  readonly contextTokens?: number;
  readonly device?: 'gpu' | 'cpu';
}

const LAST_USED_KEY = 'models.lastUsed';

const schema = v.object({
  modelId: v.string(),
  contextTokens: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  device: v.exactOptional(v.picklist(['gpu', 'cpu'])),
});

/** The model that ran last, as it ran. Undefined: none, or an unreadable row. */
export async function readLastUsed(settings: SettingsRepository): Promise<LoadWish | undefined> {
  const parsed = v.safeParse(schema, await settings.get(LAST_USED_KEY));
  return parsed.success ? parsed.output : undefined;
}

export async function saveLastUsed(settings: SettingsRepository, wish: LoadWish): Promise<void> {
  await settings.set(LAST_USED_KEY, wish);
}
