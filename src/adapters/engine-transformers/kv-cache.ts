import { type InferenceSession, Tensor } from 'onnxruntime-web/webgpu';
import { cutRows } from './cut-rows.ts';

/** What a decoder remembers of the tokens that it has read, in the form of its own inputs. */
export interface KvCache {
  /** Tokens. */
  readonly length: number;
  /** A cache of states that fold the past together cannot be cut back, only dropped. */
  readonly canCut: boolean;
  feeds(): Readonly<Record<string, Tensor>>;
  /** Takes over what a run gave for `tokens` more. */
  take(outputs: Readonly<Record<string, Tensor>>, tokens: number): void;
  /** Leaves the first `count` tokens; all or nothing where it cannot be cut. */
  keep(count: number): Promise<void>;
}

const PAST = /^past_(?:key_values\.|conv\.|ssm\.|recurrent\.)/;
/** [batch, heads, tokens, size] */
const TOKENS_AXIS = 2;

type Input = InferenceSession.TensorValueMetadata;

export function cacheInputs(session: InferenceSession): readonly Input[] {
  return session.inputMetadata.filter((input): input is Input => input.isTensor && PAST.test(input.name));
}

/** The output that becomes a cache input of the next run. */
export function presentName(name: string): string {
  return name.replace(/^past_key_values\./, 'present.').replace(/^past_/, 'present_');
}

export function createKvCache(session: InferenceSession): KvCache {
  const inputs = cacheInputs(session);
  const canCut = inputs.every(
    ({ name, shape }) =>
      name.startsWith('past_key_values.') &&
      shape.length === 4 &&
      typeof shape[1] === 'number' &&
      typeof shape[TOKENS_AXIS] === 'string' &&
      typeof shape[3] === 'number',
  );
  let entries = new Map<string, Tensor>();
  let length = 0;

  function replace(next: Map<string, Tensor>, tokens: number): void {
    for (const [name, tensor] of entries)
      if (next.get(name) !== tensor && tensor.location === 'gpu-buffer') tensor.dispose();
    entries = next;
    length = tokens;
  }

  const empty = (): Map<string, Tensor> => new Map(inputs.map((input) => [input.name, emptyTensor(input)]));
  replace(empty(), 0);

  return {
    canCut,
    get length() {
      return length;
    },
    feeds: () => Object.fromEntries(entries),
    take(outputs, tokens) {
      const next = new Map<string, Tensor>();
      for (const { name } of inputs) {
        const output = outputs[presentName(name)];
        if (output === undefined) throw new Error(`The model gives no ${presentName(name)}: invalid model`);
        next.set(name, output);
      }
      replace(next, length + tokens);
    },
    async keep(count) {
      if (count >= length) return;
      if (count === 0 || !canCut) return replace(empty(), 0);
      const next = new Map<string, Tensor>();
      for (const [name, tensor] of entries) next.set(name, await firstTokens(tensor, count));
      replace(next, count);
    },
  };
}

function emptyTensor({ type, shape }: Input): Tensor {
  const dims = shape.map((size, axis) => (typeof size === 'number' ? size : axis === 0 ? 1 : 0));
  const size = dims.reduce((product, dim) => product * dim, 1);
  return type === 'float16'
    ? new Tensor('float16', new Uint16Array(size), dims)
    : new Tensor('float32', new Float32Array(size), dims);
}

async function firstTokens(tensor: Tensor, count: number): Promise<Tensor> {
  const [batch = 1, heads = 1, tokens = 0, size = 0] = tensor.dims;
  const data = await tensor.getData(true);
  const dims = [batch, heads, count, size];
  if (tensor.type === 'float32')
    return new Tensor('float32', cutRows(data as Float32Array, tokens, count, size), dims);
  const { buffer, byteOffset, length } = data as Uint16Array; // or a Float16Array: the same bits
  return new Tensor(
    'float16',
    cutRows(new Uint16Array(buffer, byteOffset, length), tokens, count, size),
    dims,
  );
}
