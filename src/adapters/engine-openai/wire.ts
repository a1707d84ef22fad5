import * as v from 'valibot';

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
  data: v.array(
    v.object({ id: v.string(), max_model_len: v.nullish(v.number()), meta: v.nullish(v.unknown()) }),
  ),
});

/** vLLM answers `count`, llama.cpp `tokens`. */
export const tokenizeSchema = v.union([
  v.object({ count: v.number() }),
  v.object({ tokens: v.array(v.unknown()) }),
]);

export const templateSchema = v.object({ prompt: v.string() });
