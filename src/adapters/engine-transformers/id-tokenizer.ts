import { PreTrainedTokenizer } from '@huggingface/transformers';
import * as v from 'valibot';

const configSchema = v.looseObject({ pad_token: v.string(), model_max_length: v.optional(v.number()) });

/** Texts to the ids that the model eats. */
export interface IdTokenizer {
  readonly padId: number;
  /** Special tokens included; cut to `maxTokens` with the closing token kept. */
  encode(text: string, maxTokens: number): readonly number[];
  /** Query and passage in one input, as the model was trained; only the passage is cut. */
  encodePair(query: string, passage: string, maxTokens: number): TokenPair;
}

export interface TokenPair {
  readonly ids: readonly number[];
  /** 0 = query, 1 = passage; all 0 for models that do not tell them apart. */
  readonly types: readonly number[];
}

/** Made of a model's tokenizer.json and tokenizer_config.json. */
export async function openIdTokenizer(tokenizerJson: Blob, tokenizerConfig: Blob): Promise<IdTokenizer> {
  const config = v.parse(configSchema, JSON.parse(await tokenizerConfig.text()));
  const tokenizer = new PreTrainedTokenizer(JSON.parse(await tokenizerJson.text()), config);
  const padId = tokenizer.encode(config.pad_token, { add_special_tokens: false })[0];
  if (padId === undefined) throw new Error('The tokenizer does not know its own padding token');
  const closing = closingTokens(tokenizer.encode(''), tokenizer.encode('a'));
  const bare = (text: string): readonly number[] => tokenizer.encode(text, { add_special_tokens: false });
  let frame: PairFrame | undefined;
  return {
    padId,
    encode(text, maxTokens) {
      const ids = tokenizer.encode(text);
      if (ids.length <= maxTokens) return ids;
      return [...ids.slice(0, maxTokens - closing.length), ...closing];
    },
    encodePair(query, passage, maxTokens) {
      frame ??= framePair(tokenizer);
      const { open, middle, close, types } = frame;
      const room = maxTokens - open.length - middle.length - close.length;
      const first = bare(query).slice(0, Math.max(0, room - 1));
      const second = bare(passage).slice(0, Math.max(0, room - first.length));
      const repeat = (type: number, count: number): readonly number[] => Array<number>(count).fill(type);
      return {
        ids: [...open, ...first, ...middle, ...second, ...close],
        types: [
          ...types.open,
          ...repeat(types.first, first.length),
          ...types.middle,
          ...repeat(types.second, second.length),
          ...types.close,
        ],
      };
    },
  };
}

/** What follows the text: the frame of an empty text minus what stands before the first token. */
function closingTokens(frame: readonly number[], some: readonly number[]): readonly number[] {
  let opening = 0;
  while (opening < frame.length && frame[opening] === some[opening]) opening += 1;
  return frame.slice(opening);
}

interface Encoded {
  readonly input_ids: readonly number[];
  readonly token_type_ids?: readonly number[];
}

interface Frame {
  readonly open: readonly number[];
  readonly middle: readonly number[];
  readonly close: readonly number[];
}

interface PairFrame extends Frame {
  readonly types: Frame & { readonly first: number; readonly second: number };
}

/** What stands around the two texts of a pair: read from a pair whose texts are known. */
function framePair(tokenizer: PreTrainedTokenizer): PairFrame {
  const word = tokenizer.encode('a', { add_special_tokens: false });
  const pair = tokenizer('a', {
    text_pair: 'a',
    return_tensor: false,
    return_token_type_ids: true,
  }) as Encoded;
  const ids = [...pair.input_ids];
  const isWord = (at: number): boolean => word.length > 0 && word.every((id, i) => ids[at + i] === id);
  const starts = ids.map((_, at) => at).filter(isWord);
  const [first, second] = [starts[0], starts.at(-1)];
  if (first === undefined || second === undefined || second < first + word.length)
    throw new Error('The tokenizer does not put two texts into one input');
  const types = pair.token_type_ids ?? ids.map(() => 0);
  const cut = (list: readonly number[]): Frame => ({
    open: list.slice(0, first),
    middle: list.slice(first + word.length, second),
    close: list.slice(second + word.length),
  });
  return { ...cut(ids), types: { ...cut(types), first: types[first] ?? 0, second: types[second] ?? 0 } };
}
