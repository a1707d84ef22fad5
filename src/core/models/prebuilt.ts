import type { ModelSpec } from '#core/ports/model.ts';

/** One entry of WebLLM's own list, as the build hands it over: taken from the installed package, never typed. */
export interface WebllmPrebuiltEntry {
  readonly id: string;
  /** Absolute URL of the weights' repository. */
  readonly model: string;
  /** Absolute URL of the compiled library. */
  readonly modelLib: string;
  /** With the entry's context; 0 where the package does not say. */
  readonly vramMB?: number;
  readonly lowResource?: boolean;
  readonly contextTokens?: number;
  readonly requiredFeatures?: readonly string[];
  readonly bufferSizeRequiredBytes?: number;
}

/** 'q4f16_1' of 'Qwen3-4B-q4f16_1-MLC'. */
function quantizationOf(id: string): string {
  return /q\d+f(?:16|32)(?:_\d)?/.exec(id)?.[0] ?? 'unknown';
}

/**
 * 'Qwen3-0.6B' → 600e6, 'stablelm-2-zephyr-1_6b' → 1.6e9, 'SmolLM2-135M' → 135e6. 'gemma-4-E2B' names its *effective*
 * parameters, from which no size follows: undefined.
 */
function parametersOf(id: string): number | undefined {
  const match = /(?:^|[-_ ])(\d+(?:[._]\d+)?)([bm])(?=-|$)/i.exec(id);
  if (match)
    return Math.round(Number(match[1]?.replace('_', '.')) * (match[2]?.toLowerCase() === 'm' ? 1e6 : 1e9));
  if (/^phi-(?:2|3|3\.5|4)-/i.test(id)) return /^phi-2/i.test(id) ? 2.7e9 : 3.8e9;
  return /^phi-1_5/i.test(id) ? 1.3e9 : undefined;
}

/** By family, as the makers state it; a family with several licences, or none known for sure, is 'unknown'. */
const LICENCES: readonly (readonly [RegExp, string])[] = [
  [/^Llama-3\.2-/, 'llama3.2'],
  [/^Llama-3\.1-/, 'llama3.1'],
  [/^Llama-3-/, 'llama3'],
  [/^Llama-2-/, 'llama2'],
  [/^DeepSeek-R1-Distill-Qwen/, 'mit'],
  [/^phi-|^Phi-/, 'mit'],
  [/^gemma-?[23]?-/, 'gemma'],
  [/^gemma3-/, 'gemma'],
  [/^Qwen2\.5-(?:Coder-)?3B/, 'qwen-research'],
  [/^Qwen(?:2|2\.5|3)-/, 'apache-2.0'],
  [/^(?:SmolLM2|TinyLlama|Mistral-7B|OLMo-2|RedPajama)-/, 'apache-2.0'],
];

function licenceOf(id: string): string {
  if (/^gemma-4-/.test(id)) return 'unknown';
  return LICENCES.find(([pattern]) => pattern.test(id))?.[1] ?? 'unknown';
}

function summaryOf(id: string): string {
  if (/coder/i.test(id)) return 'Writes and explains code; weaker in plain conversation.';
  if (/math/i.test(id)) return 'Works through mathematics; not made for general talk.';
  if (/base/i.test(id)) return 'A base model: continues text, does not follow instructions well.';
  if (/vision/i.test(id)) return 'Made for pictures and text; here it answers text.';
  if (/reasoning|R1-Distill|^Qwen3/i.test(id))
    return 'Thinks before it answers: better at hard questions, slower to begin.';
  if (/jpn/i.test(id)) return 'General chat, tuned for Japanese.';
  const parameters = parametersOf(id) ?? 0;
  if (parameters < 0.5e9) return 'Very small: quick, simple wording and short answers only.';
  if (parameters < 2e9) return 'Small general chat: summaries, rewriting, answers from your documents.';
  return 'General chat: good answers from documents, longer writing, some reasoning.';
}

/** 'Qwen3-4B-q4f16_1-MLC-1k' → 'Qwen3 4B (1k context)'. */
function labelOf(id: string): string {
  const short = /-1k$/.test(id) ? ' (1k context)' : '';
  const name = id
    .replace(/-1k$/, '')
    .replace(/-MLC(?:-b\d+)?$/, '')
    .replace(/-q\d+f(?:16|32)(?:_\d)?$/, '')
    .replace(/-BF16$/, '')
    .replace(/(?<=\d)_(?=\d)/g, '.')
    .replaceAll('-', ' ');
  return name + short;
}

/** 'https://host/owner/name' → 'owner/name'. */
function repoOf(url: string): string {
  return new URL(url).pathname.split('/').slice(1, 3).join('/');
}

function isEmbedder(entry: WebllmPrebuiltEntry): boolean {
  return /embed/i.test(entry.id);
}

/**
 * WebLLM's prebuilt chat models as ModelSpecs. `shaderF16` comes from the id: the package declares the feature for only
 * some of its q?f16 models and fails after the download for the rest. Files are unknown before the download (empty).
 * Its embedding models are left out: their padding changes the vectors.
 */
export function fromWebllmPrebuilt(entries: readonly WebllmPrebuiltEntry[]): readonly ModelSpec[] {
  return entries
    .filter((entry) => !isEmbedder(entry))
    .map((entry): ModelSpec => {
      const quantization = quantizationOf(entry.id);
      const parameters = parametersOf(entry.id);
      return {
        id: entry.id,
        task: 'chat',
        engine: 'webllm',
        label: labelOf(entry.id),
        licence: licenceOf(entry.id),
        contextTokens: entry.contextTokens ?? 4096,
        languages: [],
        needs: {
          gpu: 'required',
          shaderF16: /f16/.test(quantization) || (entry.requiredFeatures ?? []).includes('shader-f16'),
          memoryBytes: Math.round((entry.vramMB ?? 0) * 1e6),
        },
        files: [],
        sources: [{ kind: 'hub', repo: repoOf(entry.model), revision: 'main' }],
        quantization,
        ...(parameters === undefined ? {} : { parameters }),
        summary: summaryOf(entry.id),
        library: entry.modelLib,
      };
    });
}

/**
 * Path of a WebLLM model's compiled library among its stored files: as it stands, or the last part of an address that is
 * not the weights' own.
 */
export function libraryFile({ library }: Pick<ModelSpec, 'library'>): string | undefined {
  if (library === undefined || !URL.canParse(library)) return library;
  return decodeURIComponent(new URL(library).pathname.split('/').at(-1) ?? '');
}

/** The same model with 32-bit shaders, for GPUs without shader-f16. */
export function f32Twin(model: ModelSpec, models: readonly ModelSpec[]): ModelSpec | undefined {
  if (!model.needs.shaderF16) return undefined;
  const twinId = model.id.replace(/(q\d+)f16/, '$1f32');
  return twinId === model.id ? undefined : models.find((other) => other.id === twinId);
}
