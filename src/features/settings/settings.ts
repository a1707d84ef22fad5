import * as v from 'valibot';
import { DEFAULT_SAMPLING, SAMPLING_PRESETS } from '#core/chat/index.ts';
import type { SamplingSettings } from '#core/ports/chat-engine.ts';

/** Everything in one row, so that a change is one write. */
export const SETTINGS_KEY = 'app.settings';
export const MAX_SYSTEM_PROMPT_CHARACTERS = 20_000;

const THEMES = ['system', 'light', 'dark'] as const;
const TEXT_SIZES = ['normal', 'large'] as const;
const SEND_KEYS = ['enter', 'mod+enter'] as const;
const DEFAULT_PRESET = 'balanced';

// A value that is missing, or that a newer or older version wrote, becomes its default; the others stay.
const schema = v.object({
  version: v.fallback(v.literal(1), 1),
  theme: v.fallback(v.picklist(THEMES), 'system'),
  textSize: v.fallback(v.picklist(TEXT_SIZES), 'normal'),
  sendKey: v.fallback(v.picklist(SEND_KEYS), 'enter'),
  /** For new chats; each chat can have its own. */
  systemPrompt: v.fallback(v.pipe(v.string(), v.maxLength(MAX_SYSTEM_PROMPT_CHARACTERS)), ''),
  presetId: v.fallback(v.picklist(SAMPLING_PRESETS.map(({ id }) => id)), DEFAULT_PRESET),
});

export type Settings = Readonly<v.InferOutput<typeof schema>>;

export const DEFAULT_SETTINGS: Settings = v.parse(schema, {});

/** Whatever lies in storage becomes settings: what cannot be understood is left at its default. */
export function parseSettings(stored: unknown): Settings {
  const isRecord = typeof stored === 'object' && stored !== null && !Array.isArray(stored);
  return v.parse(schema, isRecord ? stored : {});
}

/** The sampling that new chats begin with. */
export function samplingOf({ presetId }: Settings): SamplingSettings {
  const preset = SAMPLING_PRESETS.find(({ id }) => id === presetId);
  return { ...DEFAULT_SAMPLING, ...preset?.sampling };
}
