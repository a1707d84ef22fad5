import { PreTrainedTokenizer } from '@huggingface/transformers';
import * as v from 'valibot';

const configSchema = v.looseObject({ pad_token: v.string(), model_max_length: v.optional(v.number()) });

/** Texts to the ids that the model eats. */
export interface IdTokenizer {
  readonly padId: number;
  /** Special tokens included; cut to `maxTokens` with the closing token kept. */
  encode(text: string, maxTokens: number): readonly number[];
}

/** Made of a model's tokenizer.json and tokenizer_config.json. */
export async function openIdTokenizer(tokenizerJson: Blob, tokenizerConfig: Blob): Promise<IdTokenizer> {
  const config = v.parse(configSchema, JSON.parse(await tokenizerConfig.text()));
  const tokenizer = new PreTrainedTokenizer(JSON.parse(await tokenizerJson.text()), config);
  const padId = tokenizer.encode(config.pad_token, { add_special_tokens: false })[0];
  if (padId === undefined) throw new Error('The tokenizer does not know its own padding token');
  const closing = closingTokens(tokenizer.encode(''), tokenizer.encode('a'));
  return {
    padId,
    encode(text, maxTokens) {
      const ids = tokenizer.encode(text);
      if (ids.length <= maxTokens) return ids;
      return [...ids.slice(0, maxTokens - closing.length), ...closing];
    },
  };
}

/** What follows the text: the frame of an empty text minus what stands before the first token. */
function closingTokens(frame: readonly number[], some: readonly number[]): readonly number[] {
  let opening = 0;
  while (opening < frame.length && frame[opening] === some[opening]) opening += 1;
  return frame.slice(opening);
}
