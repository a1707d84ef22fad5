import type { SettingsRepository } from '#core/ports/repositories.ts';
import { isRecord } from '#shared/records.ts';

/** What the user asked to be loaded; what is left out is the planner's choice. */
export interface LoadWish {
  readonly modelId: string;
  readonly contextTokens?: number;
  readonly device?: 'gpu' | 'cpu';
}

const LAST_USED_KEY = 'models.lastUsed';

/** The model that ran last, as it ran. Undefined: none, or an unreadable row. */
export async function readLastUsed(settings: SettingsRepository): Promise<LoadWish | undefined> {
  const stored = await settings.get(LAST_USED_KEY);
  if (!isRecord(stored) || typeof stored.modelId !== 'string') return undefined;
  const { modelId, contextTokens, device } = stored;
  const isDevice = device === 'gpu' || device === 'cpu';
  const isContext = typeof contextTokens === 'number' && Number.isInteger(contextTokens) && contextTokens > 0;
  if ((contextTokens !== undefined && !isContext) || (device !== undefined && !isDevice)) return undefined;
  return { modelId, ...(isContext ? { contextTokens } : {}), ...(isDevice ? { device } : {}) };
}

export async function saveLastUsed(settings: SettingsRepository, wish: LoadWish): Promise<void> {
  await settings.set(LAST_USED_KEY, wish);
}
