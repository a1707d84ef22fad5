import type { FitPlan, SpeedClass } from '#core/models/index.ts';
import type { EngineName, ModelTask } from '#core/ports/model.ts';
import type { Progress } from '#shared/call.ts';
import { formatBytes, formatDuration, formatNumber, formatRate } from '#ui/format.ts';
import type { RecommendedRole } from './model-entries.ts';
import type { Transfer } from './models-state.ts';

export const TASKS: Readonly<Record<ModelTask, string>> = {
  chat: 'Chat',
  'embed-text': 'Finds passages',
  'embed-image-text': 'Finds pictures',
  rerank: 'Orders passages',
  speech: 'Speech to text',
  caption: 'Describes pictures',
  ocr: 'Reads scans',
};

export const ENGINES: Readonly<Record<EngineName, string>> = {
  wllama: 'llama.cpp (GGUF)',
  webllm: 'WebLLM (GPU)',
  transformers: 'Transformers.js (ONNX)',
  openai: 'Server',
};

export const ROLES: Readonly<Record<RecommendedRole, string>> = {
  best: 'Best start here',
  smaller: 'Smaller',
  larger: 'Larger',
  embedder: 'For your documents',
};

const SPEEDS: Readonly<Record<SpeedClass, string>> = {
  fast: 'Faster than you read',
  fine: 'About reading speed',
  slow: 'Slower than you read',
  'very slow': 'Very slow',
};

export const speedWords = (speed: SpeedClass): string => SPEEDS[speed];

const languageNames = new Intl.DisplayNames('en', { type: 'language' });
export const languageWords = (tag: string): string => languageNames.of(tag) ?? tag;

/** 'Apache 2.0', 'MIT', 'Llama 3.2'; others as they are written. */
export function licenceWords(licence: string): string {
  if (licence === 'unknown') return 'Licence not stated';
  if (licence === 'mit') return 'MIT';
  return licence
    .replace(/^lfm(?=\d)/, 'LFM ')
    .replace(/^llama(?=\d)/, 'Llama ')
    .replaceAll('-', ' ')
    .replace(/^./, (c) => c.toUpperCase());
}

/** '8k', '128k', '512': powers of two as they are spoken of. */
export function tokensWords(tokens: number): string {
  return tokens >= 1024 && tokens % 1024 === 0 ? `${tokens / 1024}k` : formatNumber(tokens);
}

export function sizeWords({ downloadBytes, isDownloadEstimate }: FitPlan): string {
  if (downloadBytes === undefined) return 'Size not stated';
  return `${isDownloadEstimate ? 'about ' : ''}${formatBytes(downloadBytes)}`;
}

/** What the card says in one word; the reason stands beside it. */
export function fitWords(plan: FitPlan): {
  readonly label: string;
  readonly tone: 'local' | 'neutral' | 'danger';
} {
  if (plan.fits === 'no') return { label: 'Does not fit here', tone: 'danger' };
  if (!plan.downloadFits) return { label: 'No room for it', tone: 'danger' };
  return plan.fits === 'tight' ? { label: 'Tight', tone: 'neutral' } : { label: 'Fits here', tone: 'local' };
}

const PHASES: Partial<Record<Progress['phase'], string>> = {
  download: 'Downloading',
  verify: 'Checking',
  load: 'Copying in',
};

/** '34 MB of 98 MB · 2.3 MB/s · 28 s left', 'Paused at 34 MB of 98 MB'. */
export function transferWords({ state, progress, rate, kind }: Transfer): string {
  const amount =
    progress === undefined
      ? ''
      : `${formatBytes(progress.done)}${progress.total === undefined ? '' : ` of ${formatBytes(progress.total)}`}`;
  if (state === 'paused') return amount ? `Paused at ${amount}` : 'Paused';
  if (state === 'queued' || progress === undefined) return 'Starting';
  const phase = kind === 'model-import' || progress.phase === 'verify' ? PHASES[progress.phase] : undefined;
  return [
    [phase, amount].filter(Boolean).join(' '),
    rate.bytesPerSecond === undefined ? '' : formatRate(rate.bytesPerSecond),
    rate.remainingMs === undefined ? '' : `${formatDuration(rate.remainingMs)} left`,
  ]
    .filter(Boolean)
    .join(' · ');
}
