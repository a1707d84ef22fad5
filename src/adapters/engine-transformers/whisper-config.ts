import * as v from 'valibot';

const id = v.pipe(v.number(), v.integer(), v.minValue(0));

const configSchema = v.looseObject({
  model_type: v.literal('whisper'),
  d_model: id,
  decoder_attention_heads: id,
  max_source_positions: id,
  max_target_positions: v.optional(id, 448),
});
const generationSchema = v.looseObject({
  decoder_start_token_id: id,
  eos_token_id: v.union([id, v.pipe(v.array(id), v.minLength(1))]),
  no_timestamps_token_id: id,
  /** Absent in models for English only. */
  is_multilingual: v.nullish(v.boolean(), false),
  lang_to_id: v.nullish(v.record(v.string(), id)),
  task_to_id: v.nullish(v.record(v.string(), id)),
  max_initial_timestamp_index: v.nullish(id),
  suppress_tokens: v.nullish(v.array(v.number()), []),
  begin_suppress_tokens: v.nullish(v.array(v.number()), []),
});
const preprocessorSchema = v.looseObject({
  feature_extractor_type: v.literal('WhisperFeatureExtractor'),
  sampling_rate: v.literal(16_000),
  chunk_length: v.pipe(v.number(), v.minValue(1)),
  n_samples: id,
});

/** What is asked of the decoder, read from a model's own files. */
export interface WhisperConfig {
  readonly heads: number;
  readonly headSize: number;
  readonly start: number;
  readonly end: number;
  /** Language tag to token; empty for a model that knows English only. */
  readonly languages: ReadonlyMap<string, number>;
  readonly transcribe: number | undefined;
  readonly noSpeech: number;
  readonly noTimestamps: number;
  /** The token <|0.00|>; the next is one step later. */
  readonly firstTimestamp: number;
  readonly secondsPerStep: number;
  readonly stepsPerWindow: number;
  readonly lastFirstTimestamp: number | undefined;
  readonly suppressed: readonly number[];
  readonly suppressedFirst: readonly number[];
  /** As in the paper's code: half of what the decoder can hold. */
  readonly maxTokens: number;
  readonly windowSamples: number;
}

/** Throws what valibot throws, with the field's name. */
export function readWhisperConfig(config: unknown, generation: unknown, features: unknown): WhisperConfig {
  const model = v.parse(configSchema, config);
  const rules = v.parse(generationSchema, generation);
  const sound = v.parse(preprocessorSchema, features);
  const end = Array.isArray(rules.eos_token_id) ? rules.eos_token_id[0] : rules.eos_token_id;
  const languages = Object.entries((rules.is_multilingual && rules.lang_to_id) || {});
  return {
    heads: model.decoder_attention_heads,
    headSize: model.d_model / model.decoder_attention_heads,
    start: rules.decoder_start_token_id,
    end: end ?? 0,
    languages: new Map(languages.map(([name, token]) => [name.replace(/^<\||\|>$/g, ''), token])),
    transcribe: rules.is_multilingual ? rules.task_to_id?.transcribe : undefined,
    // The order of Whisper's special tokens: <|nospeech|>, <|notimestamps|>, <|0.00|>.
    noSpeech: rules.no_timestamps_token_id - 1,
    noTimestamps: rules.no_timestamps_token_id,
    firstTimestamp: rules.no_timestamps_token_id + 1,
    secondsPerStep: sound.chunk_length / model.max_source_positions,
    stepsPerWindow: model.max_source_positions,
    lastFirstTimestamp: rules.max_initial_timestamp_index ?? undefined,
    suppressed: rules.suppress_tokens ?? [],
    suppressedFirst: rules.begin_suppress_tokens ?? [],
    maxTokens: Math.floor(model.max_target_positions / 2),
    windowSamples: sound.n_samples,
  };
}
