import * as v from 'valibot';
import { AppError } from '#shared/errors.ts';

const token = v.pipe(v.number(), v.integer(), v.minValue(0));
const ends = v.optional(v.nullable(v.union([token, v.array(token)])));
const size = v.optional(v.nullable(v.number()));

const textSchema = v.looseObject({ eos_token_id: ends, max_position_embeddings: size });
const configSchema = v.looseObject({
  model_type: v.string(),
  eos_token_id: ends,
  max_position_embeddings: size,
  image_token_id: v.optional(token),
  image_token_index: v.optional(token),
  text_config: v.optional(textSchema),
});
const generationSchema = v.looseObject({ eos_token_id: ends });
/** What names the class of the library that turns pictures and words into a prompt. */
const processorSchema = v.looseObject({ processor_class: v.optional(v.string()) });

/** What this engine reads of config.json, generation_config.json and preprocessor_config.json. */
export interface ChatConfig {
  readonly modelType: string;
  /** An answer ends where one of these comes. */
  readonly ends: readonly number[];
  readonly maxPositions: number;
  /** Stands in a prompt wherever a picture's features go. */
  readonly imageToken: number | undefined;
  readonly processorClass: string;
}

type JsonFiles = (path: string) => Promise<unknown>;

/** Errors: model/integrity. `json` gives undefined for a file that the model does not have. */
export async function readChatConfig(json: JsonFiles, label: string): Promise<ChatConfig> {
  const config = checked(configSchema, await json('config.json'), label);
  const generation = checked(generationSchema, (await json('generation_config.json')) ?? {}, label);
  const processor = checked(processorSchema, (await json('preprocessor_config.json')) ?? {}, label);
  const text = config.text_config;
  return {
    modelType: config.model_type,
    ends: [generation.eos_token_id ?? config.eos_token_id ?? text?.eos_token_id ?? []].flat(),
    maxPositions: config.max_position_embeddings ?? text?.max_position_embeddings ?? Number.POSITIVE_INFINITY,
    imageToken: config.image_token_id ?? config.image_token_index,
    processorClass: processor.processor_class ?? '',
  };
}

function checked<T extends v.GenericSchema>(schema: T, value: unknown, label: string): v.InferOutput<T> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new AppError(
    'model/integrity',
    `The settings of ${label} are not what this engine can read. Delete the model and download it again.`,
    { details: { issue: parsed.issues[0].message } },
  );
}
