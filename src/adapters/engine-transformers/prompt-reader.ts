import { throwIfAborted } from '#shared/breathe.ts';
import { AppError } from '#shared/errors.ts';
import { breathe } from './breathe.ts';
import type { ChatGraphs, Rows } from './chat-graphs.ts';
import type { ChatPrompt, PlacedPicture } from './chat-prompt.ts';
import { picturePieces } from './picture-pieces.ts';
import { sharedTokens } from './shared-tokens.ts';

/** Prompt tokens between two looks at the abort signal. */
const CHUNK_TOKENS = { wasm: 64, webgpu: 256 } as const;

interface ReadOptions {
  readonly signal: AbortSignal | undefined;
  /** So many tokens of the prompt are read, about; may fall back a little behind a picture. */
  readonly onRead: (tokens: number) => void;
}

/** Prompts through the decoder, keeping what the last one left in the cache as far as it is the same. */
export interface PromptReader {
  /** All that was read: the prompt, and what was written behind it. */
  readonly ids: readonly number[];
  /** Cuts the cache back to what it shares with the prompt; gives how many tokens that are. */
  reuse(prompt: ChatPrompt): Promise<number>;
  /** Reads what `reuse` left; the logits after the last token. */
  read(prompt: ChatPrompt, options: ReadOptions): Promise<Float32Array>;
  /** One token more. */
  step(token: number): Promise<Float32Array>;
  /** Off: every prompt is computed whole. */
  setReuse(isOn: boolean): void;
}

export function createPromptReader(
  graphs: ChatGraphs,
  runsOn: 'webgpu' | 'wasm',
  imageToken: number | undefined,
): PromptReader {
  const { cache } = graphs;
  let ids: number[] = [];
  let pictures: PlacedPicture[] = [];
  let isReusing = true;

  async function forward(tokens: readonly number[], rows: Rows | undefined): Promise<Float32Array> {
    const logits = await graphs.decode(tokens, rows);
    ids.push(...tokens);
    return logits;
  }

  /** A picture's features, piece by piece: an abort need not wait for all of them. */
  async function see({ picture }: PlacedPicture, { signal, onRead }: ReadOptions): Promise<Rows> {
    const rows: Rows[] = [];
    const pieces = picturePieces(await picture.inputs());
    for (const piece of pieces) {
      rows.push(await graphs.see(piece));
      // Seeing is most of the work: it counts for all but the last piece's share of the tokens.
      onRead(ids.length + Math.floor((picture.ids.length * rows.length) / (pieces.length + 1)));
      await breathe();
      throwIfAborted(signal);
    }
    const width = rows[0]?.width ?? 0;
    const data = new Float32Array(rows.reduce((sum, part) => sum + part.data.length, 0));
    let at = 0;
    for (const part of rows) {
      data.set(part.data, at);
      at += part.data.length;
    }
    return { data, width };
  }

  /** Tokens `from` to `to`, in chunks; those of a picture take its features one by one. */
  async function readPart(
    prompt: ChatPrompt,
    part: { readonly from: number; readonly to: number; readonly features: Rows | undefined },
    { signal, onRead }: ReadOptions,
  ): Promise<Float32Array | undefined> {
    let logits: Float32Array | undefined;
    let used = 0;
    for (let from = part.from; from < part.to; from += CHUNK_TOKENS[runsOn]) {
      const tokens = prompt.ids.slice(from, Math.min(part.to, from + CHUNK_TOKENS[runsOn]));
      const rows = await graphs.embed(tokens);
      if (part.features && rows) used = putFeatures(tokens, rows, part.features, used, imageToken);
      logits = await forward(tokens, rows);
      onRead(ids.length);
      await breathe();
      throwIfAborted(signal);
    }
    return logits;
  }

  return {
    get ids() {
      return ids;
    },
    async reuse(prompt) {
      const shared = isReusing ? sharedTokens({ ids, pictures }, prompt) : 0;
      await cache.keep(shared);
      ids = ids.slice(0, cache.length);
      pictures = pictures.filter(({ start }) => start < cache.length);
      return cache.length;
    },
    async read(prompt, options) {
      let logits: Float32Array | undefined;
      for (const placed of [...prompt.pictures, undefined]) {
        const until = placed?.start ?? prompt.ids.length;
        if (until < ids.length) continue; // a picture that is in the cache
        const words = { from: ids.length, to: until, features: undefined };
        logits = (await readPart(prompt, words, options)) ?? logits;
        if (placed === undefined) break;
        const features = await see(placed, options);
        // Before any of it is read: what is in the cache counts as seen.
        const places = placed.picture.ids.filter((token) => token === imageToken).length;
        if (places * features.width !== features.data.length) throw unfitting();
        pictures.push(placed);
        const to = placed.start + placed.picture.ids.length;
        logits = (await readPart(prompt, { from: placed.start, to, features }, options)) ?? logits;
      }
      if (logits === undefined) throw new Error('There was nothing to read');
      return logits;
    },
    async step(token) {
      return forward([token], await graphs.embed([token]));
    },
    setReuse(isOn) {
      isReusing = isOn;
    },
  };
}

/** The next features take the places of the picture's tokens; gives how many are used. */
function putFeatures(
  tokens: readonly number[],
  rows: Rows,
  features: Rows,
  used: number,
  imageToken: number | undefined,
): number {
  let next = used;
  for (const [at, token] of tokens.entries()) {
    if (token !== imageToken) continue;
    const from = next * features.width;
    if (features.width !== rows.width || from + features.width > features.data.length) throw unfitting();
    rows.data.set(features.data.subarray(from, from + features.width), at * rows.width);
    next += 1;
  }
  return next;
}

function unfitting(): AppError {
  return new AppError(
    'input/unsupported',
    'The parts of this model do not fit together: a picture has other places than features.',
  );
}
