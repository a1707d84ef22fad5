import { AppError } from '#shared/errors.ts';

/** Where the bytes of a file are read from: a Blob, a buffer, a range request. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** Bytes from `start` up to `end`, exclusive; fewer where the file ends. */
  read(start: number, end: number): Promise<ArrayBuffer>;
}

/** What a GGUF file says of itself. */
export interface GgufHeader {
  readonly architecture: string;
  /** What kind of projector this is, which lets another model see: 'idefics3', 'lfm2'. Undefined for a model. */
  readonly projector: string | undefined;
  readonly name: string | undefined;
  readonly licence: string | undefined;
  readonly contextTokens: number;
  /** The type that most weights have: 'Q4_K', 'Q8_0', 'F16'. */
  readonly quantization: string;
  readonly parameters: number;
  readonly hasChatTemplate: boolean;
  /** Text of the end-of-sequence token: a special token, so it never merges with its neighbours. */
  readonly endToken: string | undefined;
  /** Bytes the file must have for all its tensors to be there. */
  readonly neededBytes: number;
}

/** Why a file is no usable GGUF; stands in `details.problem` of the error. */
export type GgufProblem = 'not-gguf' | 'version' | 'cut-short' | 'broken';

const FIRST_READ_BYTES = 4 << 20;
const MOST_HEADER_BYTES = 128 << 20;
const MOST_ENTRIES = 100_000;
const MOST_NESTING = 4;
const DEFAULT_ALIGNMENT = 32;
const DEFAULT_CONTEXT_TOKENS = 2048;
const MAGIC = 0x46554747; // 'GGUF', little-endian

/** A file of this kind holds no model of its own: llama.cpp calls it 'mmproj'. */
const PROJECTOR_ARCHITECTURE = 'clip';

const STRING = 8;
const ARRAY = 9;
/** Bytes of each metadata type of fixed size. */
const VALUE_BYTES: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};
/** ggml type → weights of a block, bytes of a block, name. A newer type counts as empty: the engine knows it or says so. */
const TENSOR_TYPES: Readonly<Record<number, readonly [number, number, string]>> = {
  0: [1, 4, 'F32'],
  1: [1, 2, 'F16'],
  2: [32, 18, 'Q4_0'],
  3: [32, 20, 'Q4_1'],
  6: [32, 22, 'Q5_0'],
  7: [32, 24, 'Q5_1'],
  8: [32, 34, 'Q8_0'],
  9: [32, 36, 'Q8_1'],
  10: [256, 84, 'Q2_K'],
  11: [256, 110, 'Q3_K'],
  12: [256, 144, 'Q4_K'],
  13: [256, 176, 'Q5_K'],
  14: [256, 210, 'Q6_K'],
  15: [256, 292, 'Q8_K'],
  16: [256, 66, 'IQ2_XXS'],
  17: [256, 74, 'IQ2_XS'],
  18: [256, 98, 'IQ3_XXS'],
  20: [32, 18, 'IQ4_NL'],
  21: [256, 110, 'IQ3_S'],
  22: [256, 82, 'IQ2_S'],
  23: [256, 136, 'IQ4_XS'],
  30: [1, 2, 'BF16'],
};

const enough = Symbol('the header goes on after what was read');

function failure(
  problem: GgufProblem,
  why: string,
  details: Readonly<Record<string, unknown>> = {},
): AppError {
  return new AppError('input/invalid', `This is not a usable GGUF file: ${why}.`, {
    details: { problem, why, ...details },
  });
}

/**
 * Reads the header of a GGUF file (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md) and checks that no tensor
 * lies behind its end. Reads no more than the header needs. Errors: input/invalid, its kind in `details.problem`.
 */
export async function readGgufHeader(source: ByteSource): Promise<GgufHeader> {
  const { sizeBytes } = source;
  if (sizeBytes === 0) throw failure('not-gguf', 'it is empty');
  for (let bytes = FIRST_READ_BYTES; ; bytes *= 4) {
    const view = new DataView(await source.read(0, Math.min(bytes, sizeBytes)));
    try {
      const header = parse(view);
      if (header.neededBytes <= sizeBytes) return header;
      const { neededBytes } = header;
      throw failure('cut-short', `it is cut off: ${sizeBytes} of ${neededBytes} bytes are there`, {
        sizeBytes,
        neededBytes,
      });
    } catch (error) {
      if (error !== enough) throw error;
      if (bytes >= sizeBytes) throw failure('cut-short', 'it ends inside its header', { sizeBytes });
      if (bytes >= MOST_HEADER_BYTES) throw failure('broken', 'its header makes no sense');
    }
  }
}

function parse(view: DataView): GgufHeader {
  checkMagic(view);
  const read = createReader(view, 4);
  const version = read.u32();
  if (version < 2 || version > 3)
    throw failure('version', `it has version ${version}; 2 and 3 can be read`, { version });
  const tensorCount = read.u64();
  const valueCount = read.u64();
  if (tensorCount > MOST_ENTRIES || valueCount > MOST_ENTRIES)
    throw failure('broken', 'its header makes no sense');
  const values = new Map<string, string | number>();
  let tokensAt: number | undefined;
  for (let i = 0; i < valueCount; i++) {
    const key = read.text();
    const type = read.u32();
    if (key === 'tokenizer.ggml.tokens') tokensAt = read.offset();
    values.set(key, read.value(type));
  }
  const { parameters, quantization, lastByte } = readTensorTable(read, tensorCount);
  const number = (key: string): number | undefined => {
    const value = values.get(key);
    return typeof value === 'number' && value > 0 ? value : undefined;
  };
  const named = (key: string): string | undefined => values.get(key)?.toString().trim() || undefined;
  const alignment = number('general.alignment') ?? DEFAULT_ALIGNMENT;
  const architecture = named('general.architecture') ?? 'unknown';
  const endTokenId = values.get('tokenizer.ggml.eos_token_id');
  return {
    architecture,
    projector:
      architecture === PROJECTOR_ARCHITECTURE
        ? (named('clip.projector_type') ?? named('clip.vision.projector_type') ?? 'unknown')
        : undefined,
    name: named('general.name'),
    licence: named('general.license')?.toLowerCase(),
    contextTokens: number(`${architecture}.context_length`) ?? DEFAULT_CONTEXT_TOKENS,
    quantization,
    parameters,
    hasChatTemplate: values.has('tokenizer.chat_template'),
    endToken:
      tokensAt === undefined || typeof endTokenId !== 'number'
        ? undefined
        : textAt(createReader(view, tokensAt), endTokenId),
    neededBytes: Math.ceil(read.offset() / alignment) * alignment + lastByte,
  };
}

function checkMagic(view: DataView): void {
  if (view.byteLength >= 4 && view.getUint32(0, true) === MAGIC) return;
  const start = new TextDecoder('latin1').decode(
    new Uint8Array(view.buffer, 0, Math.min(4, view.byteLength)),
  );
  const shown = start.replace(/[^\x20-\x7e]/g, '·');
  throw failure('not-gguf', `it starts with “${shown}”, not with “GGUF”`);
}

function readTensorTable(read: Reader, count: number) {
  let parameters = 0;
  let lastByte = 0;
  const weightsByType = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    read.skipText();
    const dimensions = read.u32();
    if (dimensions > 8) throw failure('broken', 'a tensor has too many dimensions');
    let weights = 1;
    for (let d = 0; d < dimensions; d++) weights *= read.u64();
    const type = TENSOR_TYPES[read.u32()];
    const offset = read.u64();
    parameters += weights;
    if (type === undefined) continue;
    const [blockWeights, blockBytes, name] = type;
    weightsByType.set(name, (weightsByType.get(name) ?? 0) + weights);
    lastByte = Math.max(lastByte, offset + (weights / blockWeights) * blockBytes);
  }
  const most = [...weightsByType].sort((a, b) => b[1] - a[1])[0];
  return { parameters, lastByte, quantization: most?.[0] ?? 'unknown' };
}

/** One text of an array of texts that begins where the reader stands. */
function textAt(read: Reader, index: number): string | undefined {
  const elementType = read.u32();
  const length = read.u64();
  if (elementType !== STRING || index >= length) return undefined;
  for (let i = 0; i < index; i++) read.skipText();
  return read.text();
}

type Reader = ReturnType<typeof createReader>;

function createReader(view: DataView, start: number) {
  let at = start;
  const decoder = new TextDecoder();

  /** Moves on by `bytes` and returns where they began. */
  function take(bytes: number): number {
    const from = at;
    if (from + bytes > view.byteLength) throw enough;
    at += bytes;
    return from;
  }
  const u32 = (): number => view.getUint32(take(4), true);
  const u64 = (): number => Number(view.getBigUint64(take(8), true));
  const skipText = (): void => {
    take(u64());
  };
  function text(): string {
    const length = u64();
    return decoder.decode(new Uint8Array(view.buffer, view.byteOffset + take(length), length));
  }

  /** Passes over an array and returns its length. */
  function array(depth: number): number {
    const elementType = u32();
    const length = u64();
    const elementBytes = VALUE_BYTES[elementType];
    if (elementBytes !== undefined) take(elementBytes * length);
    else if (elementType === STRING) for (let i = 0; i < length; i++) skipText();
    else if (elementType === ARRAY && depth < MOST_NESTING) for (let i = 0; i < length; i++) array(depth + 1);
    else throw failure('broken', 'it has a value of an unknown type');
    return length;
  }

  /** Texts and numbers; of an array its length. */
  function value(type: number): string | number {
    if (type === STRING) return text();
    if (type === ARRAY) return array(1);
    const bytes = VALUE_BYTES[type];
    if (bytes === undefined) throw failure('broken', 'it has a value of an unknown type');
    const from = take(bytes);
    if (type === 6) return view.getFloat32(from, true);
    if (type === 12) return view.getFloat64(from, true);
    if (bytes === 8) return Number(view.getBigUint64(from, true));
    return bytes === 4
      ? view.getUint32(from, true)
      : bytes === 2
        ? view.getUint16(from, true)
        : view.getUint8(from);
  }

  return { u32, u64, text, skipText, value, offset: () => at };
}
