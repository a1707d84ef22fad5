/** A metadata value to write: a whole number becomes a uint32. */
type GgufValue = string | number | readonly string[];

export interface GgufSample {
  readonly version?: number;
  readonly values?: Readonly<Record<string, GgufValue>>;
  /** Tensors of F32, each by its dimensions; their data are zeros. */
  readonly tensors?: Readonly<Record<string, readonly number[]>>;
}

/** Writes a small, real GGUF file. */
export function writeGguf({ version = 3, values = {}, tensors = {} }: GgufSample): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  const u32 = (value: number): void => {
    bytes.push(...new Uint8Array(new Uint32Array([value]).buffer));
  };
  const u64 = (value: number): void => {
    bytes.push(...new Uint8Array(new BigUint64Array([BigInt(value)]).buffer));
  };
  const text = (value: string): void => {
    const encoded = new TextEncoder().encode(value);
    u64(encoded.length);
    bytes.push(...encoded);
  };
  bytes.push(...new TextEncoder().encode('GGUF'));
  u32(version);
  u64(Object.keys(tensors).length);
  u64(Object.keys(values).length);
  for (const [key, value] of Object.entries(values)) {
    text(key);
    if (typeof value === 'string') {
      u32(8);
      text(value);
    } else if (typeof value === 'number') {
      u32(4);
      u32(value);
    } else {
      u32(9);
      u32(8);
      u64(value.length);
      value.forEach(text);
    }
  }
  let offset = 0;
  for (const [name, dimensions] of Object.entries(tensors)) {
    text(name);
    u32(dimensions.length);
    dimensions.forEach(u64);
    u32(0);
    u64(offset);
    offset += 4 * dimensions.reduce((product, size) => product * size, 1);
  }
  while (bytes.length % 32 !== 0) bytes.push(0);
  const file = new Uint8Array(bytes.length + offset);
  file.set(bytes);
  return file;
}

export const SMALL_GGUF: GgufSample = {
  values: {
    'general.architecture': 'llama',
    'general.name': 'Tiny Test',
    'general.license': 'Apache-2.0',
    'llama.context_length': 4096,
    'tokenizer.ggml.tokens': ['<s>', '</s>', 'a'],
    'tokenizer.ggml.eos_token_id': 1,
    'tokenizer.chat_template': '{{ messages }}',
  },
  tensors: { 'token_embd.weight': [16, 3], 'output.weight': [16, 3] },
};

/** What lets a model see, without a model. */
export const SMALL_PROJECTOR: GgufSample = {
  values: {
    'general.architecture': 'clip',
    'general.name': 'Tiny Test',
    'clip.projector_type': 'idefics3',
  },
  tensors: { 'mm.model.fc.weight': [16, 3] },
};
