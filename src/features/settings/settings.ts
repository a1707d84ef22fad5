import { DEFAULT_SAMPLING, SAMPLING_PRESETS } from '#core/chat/index.ts';
import type { SamplingSettings } from '#core/ports/chat-engine.ts';
import { isRecord, oneOf } from '#shared/records.ts';

/** Everything in one row, so that a change is one write. */
export const SETTINGS_KEY = 'app.settings';
export const MAX_SYSTEM_PROMPT_CHARACTERS = 20_000;

const THEMES = ['system', 'light', 'dark'] as const;
const TEXT_SIZES = ['normal', 'large'] as const;
const SEND_KEYS = ['enter', 'mod+enter'] as const;
const DEFAULT_PRESET = 'balanced';

export interface Settings {
  readonly version: 1;
  readonly theme: (typeof THEMES)[number];
  readonly textSize: (typeof TEXT_SIZES)[number];
  readonly sendKey: (typeof SEND_KEYS)[number];
  /** For new chats; each chat can have its own. */
  readonly systemPrompt: string;
  /** Id of one of SAMPLING_PRESETS. */
  readonly presetId: string;
}

/**
 * Whatever lies in storage becomes settings: a value that is missing, or that another version wrote, becomes its default;
 * the others stay.
 */
export function parseSettings(stored: unknown): Settings {
  const { theme, textSize, sendKey, systemPrompt, presetId } = isRecord(stored) ? stored : {};
  const isPrompt = typeof systemPrompt === 'string' && systemPrompt.length <= MAX_SYSTEM_PROMPT_CHARACTERS;
  return {
    version: 1,
    theme: oneOf(THEMES, theme, 'system'),
    textSize: oneOf(TEXT_SIZES, textSize, 'normal'),
    sendKey: oneOf(SEND_KEYS, sendKey, 'enter'),
    systemPrompt: isPrompt ? systemPrompt : '',
    presetId: oneOf(
      SAMPLING_PRESETS.map(({ id }) => id),
      presetId,
      DEFAULT_PRESET,
    ),
  };
}

export const DEFAULT_SETTINGS: Settings = parseSettings({});

/** The sampling that new chats begin with. */
export function samplingOf({ presetId }: Settings): SamplingSettings {
  const preset = SAMPLING_PRESETS.find(({ id }) => id === presetId);
  return { ...DEFAULT_SAMPLING, ...preset?.sampling };
}
