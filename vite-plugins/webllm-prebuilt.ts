import { prebuiltAppConfig } from '@mlc-ai/web-llm';
import type { Plugin } from 'vite';

const NAME = 'virtual:webllm-prebuilt';
const RESOLVED = `\0${NAME}`;

/**
 * The model list of the installed WebLLM package as a small module of its own (`WebllmPrebuiltEntry[]`, see
 * src/core/models/prebuilt.ts), so that the page shows it without loading the 6 MB engine. Ids and library addresses are
 * read from the package at build time and never typed: both change with every version of it.
 */
export function webllmPrebuilt(): Plugin {
  // A model that comes with a manifest is built in another way, which engine-webllm does not load: not offered.
  const loadable = prebuiltAppConfig.model_list.filter((entry) => entry.model_manifest === undefined);
  const entries = loadable.map((entry) => ({
    id: entry.model_id,
    model: entry.model,
    modelLib: entry.model_lib,
    vramMB: entry.vram_required_MB,
    lowResource: entry.low_resource_required,
    contextTokens: entry.overrides?.context_window_size,
    requiredFeatures: entry.required_features,
    bufferSizeRequiredBytes: entry.buffer_size_required_bytes,
  }));
  return {
    name: 'benchtop:webllm-prebuilt',
    resolveId: (id) => (id === NAME ? RESOLVED : undefined),
    load: (id) => (id === RESOLVED ? `export const entries = ${JSON.stringify(entries)};` : undefined),
  };
}
