import type { EngineName } from '#core/ports/model.ts';

/** Files of one engine that the service worker keeps for offline use, as scripts/service-worker-manifest.mjs sorts them. */
export type OfflineGroup = 'wllama' | 'webllm' | 'transformers' | 'transformers-gpu' | 'pdf' | 'ocr';

/** What a machine needs of an engine's files: the build for GPUs is twice the size and of no use without one. */
export function offlineGroupsOf(engine: EngineName, hasGpu: boolean): readonly OfflineGroup[] {
  if (engine === 'openai') return [];
  return engine === 'transformers' && hasGpu ? ['transformers', 'transformers-gpu'] : [engine];
}
