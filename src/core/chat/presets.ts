import type { SamplingSettings } from '#core/ports/chat-engine.ts';
import type { ThreadRecord } from '#core/ports/chat-records.ts';

export interface SamplingPreset {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly sampling: Omit<SamplingSettings, 'maxTokens' | 'stop' | 'seed'>;
}

export const SAMPLING_PRESETS: readonly SamplingPreset[] = [
  {
    id: 'precise',
    label: 'Precise',
    description: 'Always the most likely word; the same question gives the same answer',
    sampling: { temperature: 0, topP: 1, topK: 0, minP: 0, repetitionPenalty: 1 },
  },
  {
    id: 'balanced',
    label: 'Balanced',
    description: 'Natural wording that stays on the subject',
    sampling: { temperature: 0.6, topP: 0.95, topK: 40, minP: 0.05, repetitionPenalty: 1.05 },
  },
  {
    id: 'creative',
    label: 'Creative',
    description: 'Unexpected words, for drafts and ideas',
    sampling: { temperature: 1, topP: 0.98, topK: 0, minP: 0.02, repetitionPenalty: 1.1 },
  },
];

export const DEFAULT_SAMPLING: SamplingSettings = {
  temperature: 0.6,
  topP: 0.95,
  topK: 40,
  minP: 0.05,
  repetitionPenalty: 1.05,
  maxTokens: 0,
  stop: [],
};

/** The preset that these settings are, or undefined when the user changed one. */
export function presetOf(sampling: SamplingSettings): SamplingPreset | undefined {
  return SAMPLING_PRESETS.find(({ sampling: preset }) =>
    (Object.keys(preset) as (keyof typeof preset)[]).every((key) => preset[key] === sampling[key]),
  );
}

export function createThread(id: string, nowMs: number): ThreadRecord {
  return {
    id,
    title: 'New chat',
    hasAutoTitle: true,
    createdAt: nowMs,
    updatedAt: nowMs,
    isPinned: false,
    activeLeafId: null,
    systemPrompt: '',
    sampling: DEFAULT_SAMPLING,
    collectionIds: [],
    draft: '',
    hasLeftDevice: false,
  };
}

const MAX_TITLE_CHARACTERS = 60;

/** A title from the first question: its first sentence, cut at a word. */
export function titleFrom(question: string): string {
  const line = question
    .replace(/[`*_#>]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  const sentence = /^.{8,}?[.?!](?=\s|$)/u.exec(line)?.[0] ?? line;
  if (sentence.length <= MAX_TITLE_CHARACTERS) return sentence || 'New chat';
  const cut = sentence.slice(0, MAX_TITLE_CHARACTERS);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), 20)).trimEnd()}…`;
}
