import { prebuiltAppConfig } from '@mlc-ai/web-llm';
import type { ModelSpec } from '#core/ports/model.ts';
import { fromWebllmPrebuilt, type WebllmPrebuiltEntry } from './prebuilt.ts';

/** The installed package's own list, as the build hands it to the page. */
export const PREBUILT_ENTRIES: readonly WebllmPrebuiltEntry[] = prebuiltAppConfig.model_list.map((entry) => ({
  id: entry.model_id,
  model: entry.model,
  modelLib: entry.model_lib,
  ...(entry.vram_required_MB === undefined ? {} : { vramMB: entry.vram_required_MB }),
  lowResource: entry.low_resource_required ?? false,
  ...(entry.overrides?.context_window_size === undefined
    ? {}
    : { contextTokens: entry.overrides.context_window_size }),
  requiredFeatures: entry.required_features ?? [],
}));

export function gguf(id: string, more: Partial<ModelSpec> & { readonly sizeBytes: number }): ModelSpec {
  const { sizeBytes, ...rest } = more;
  return {
    id,
    task: 'chat',
    engine: 'wllama',
    label: id,
    licence: 'apache-2.0',
    contextTokens: 8192,
    languages: ['en'],
    needs: { gpu: 'none', shaderF16: false, memoryBytes: Math.round(sizeBytes * 1.25 + 150e6) },
    files: [{ path: `${id}.gguf`, sizeBytes, sha256: '0'.repeat(64) }],
    sources: [{ kind: 'hub', repo: 'example/example', revision: 'main' }],
    quantization: 'Q4_K_M',
    summary: 'A chat model.',
    ...rest,
  };
}

export const SMOLLM2_135M = gguf('smollm2-135m', {
  sizeBytes: 98_362_432,
  parameters: 135e6,
  quantization: 'Q4_1',
  needs: { gpu: 'none', shaderF16: false, memoryBytes: 260e6 },
});
export const SMOLLM2_360M = gguf('smollm2-360m', { sizeBytes: 271e6, parameters: 362e6 });
const QWEN_CODER_1_5B = gguf('qwen2.5-coder-1.5b', {
  sizeBytes: 1_117_320_768,
  parameters: 1.54e9,
  contextTokens: 32_768,
});
export const QWEN_1_5B = gguf('qwen2.5-1.5b', {
  sizeBytes: 1.12e9,
  parameters: 1.54e9,
  contextTokens: 32_768,
});
const QWEN_0_5B = gguf('qwen2.5-0.5b', { sizeBytes: 398e6, parameters: 494e6, contextTokens: 32_768 });

export const BGE_SMALL: ModelSpec = {
  id: 'bge-small',
  task: 'embed-text',
  engine: 'transformers',
  label: 'bge-small',
  licence: 'mit',
  contextTokens: 512,
  languages: ['en'],
  needs: { gpu: 'none', shaderF16: false, memoryBytes: 200e6 },
  files: [{ path: 'onnx/model_quantized.onnx', sizeBytes: 34_014_426, sha256: '1'.repeat(64) }],
  sources: [{ kind: 'hub', repo: 'Xenova/bge-small-en-v1.5', revision: 'main' }],
  quantization: 'q8',
  summary: 'Finds passages.',
  dimension: 384,
  pooling: 'cls',
  maxInputTokens: 512,
};

const GGUF_MODELS: readonly ModelSpec[] = [SMOLLM2_135M, SMOLLM2_360M, QWEN_0_5B, QWEN_1_5B, QWEN_CODER_1_5B];
export const SAMPLE_CATALOG: readonly ModelSpec[] = [
  ...GGUF_MODELS,
  BGE_SMALL,
  ...fromWebllmPrebuilt(PREBUILT_ENTRIES),
];
