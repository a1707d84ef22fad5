import * as v from 'valibot';
import { isRecord } from '#shared/records.ts';

/** The parts of the OpenAI chat completion format that are read; llama.cpp's and vLLM's additions where they help. */
const usageSchema = v.object({
  prompt_tokens: v.number(),
  completion_tokens: v.number(),
  prompt_tokens_details: v.nullish(v.object({ cached_tokens: v.nullish(v.number()) })),
});

export const chunkSchema = v.object({
  choices: v.array(
    v.object({
      delta: v.nullish(
        v.object({
          content: v.nullish(v.string()),
          reasoning_content: v.nullish(v.string()),
          reasoning: v.nullish(v.string()),
        }),
      ),
      finish_reason: v.nullish(v.string()),
    }),
  ),
  usage: v.nullish(usageSchema),
  error: v.nullish(v.object({ message: v.string() })),
  timings: v.nullish(
    v.object({
      prompt_n: v.optional(v.number()),
      prompt_per_second: v.optional(v.number()),
      predicted_per_second: v.optional(v.number()),
      cache_n: v.optional(v.number()),
    }),
  ),
});

export type Chunk = v.InferOutput<typeof chunkSchema>;

export const modelsSchema = v.object({
  data: v.array(v.looseObject({ id: v.string(), max_model_len: v.nullish(v.number()) })),
  /** llama.cpp's own list beside OpenAI's. */
  models: v.nullish(v.unknown()),
});

type Models = v.InferOutput<typeof modelsSchema>;

const isIn = (list: unknown, ...words: readonly string[]): boolean =>
  Array.isArray(list) && words.some((word) => list.includes(word));

/**
 * Whether the server says that a model takes pictures; no standard tells how. llama.cpp: `capabilities` of its own list;
 * routers of many models: `architecture.input_modalities`, or `capabilities.vision`. Silence (vLLM) is no.
 */
export function saysItSees({ data, models }: Models, id: string): boolean {
  const entry = data.find((one) => one.id === id);
  const own = Array.isArray(models)
    ? models.find((one) => isRecord(one) && (one.model === id || one.name === id))
    : undefined;
  const architecture = entry?.architecture;
  const capabilities = entry?.capabilities;
  return (
    (isRecord(own) && isIn(own.capabilities, 'multimodal', 'vision')) ||
    (isRecord(architecture) && isIn(architecture.input_modalities, 'image')) ||
    (isRecord(capabilities) && capabilities.vision === true) ||
    isIn(capabilities, 'multimodal', 'vision')
  );
}

/** vLLM answers `count`, llama.cpp `tokens`. */
export const tokenizeSchema = v.union([
  v.object({ count: v.number() }),
  v.object({ tokens: v.array(v.unknown()) }),
]);

export const templateSchema = v.object({ prompt: v.string() });
