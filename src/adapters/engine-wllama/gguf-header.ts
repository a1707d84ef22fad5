import { AppError } from '#shared/errors.ts';

/** What the engine needs to know of a GGUF file before llama.cpp sees it. */
export interface GgufHeader {
  /** Text of the end-of-sequence token: a special token, so it never merges with its neighbours. */
  readonly endToken: string | undefined;
  /** Bytes the file must have for all its tensors to be there. */
  readonly neededBytes: number;
}

const FIRST_READ_BYTES = 4 * 2 ** 20;
const MOST_HEADER_BYTES = 128 * 2 ** 20;
const DEFAULT_ALIGNMENT = 32;

const enough = Symbol('the header goes on after what was read');

/** Bytes a value of each metadata type takes; strings (8) and arrays (9) are read apart. */
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
const STRING = 8;
const ARRAY = 9;

/** ggml type → [weights a block, bytes a block]; a type that is not here counts as empty. */
const BLOCK: Readonly<Record<number, readonly [number, number]>> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  3: [32, 20],
  6: [32, 22],
  7: [32, 24],
  8: [32, 34],
  9: [32, 36],
  10: [256, 84],
  11: [256, 110],
  12: [256, 144],
  13: [256, 176],
  14: [256, 210],
  15: [256, 292],
  20: [32, 18],
  23: [256, 136],
  30: [1, 2],
};

/**
 * Reads the header of a GGUF file (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md) and checks that no tensor
 * lies behind its end. Errors: model/integrity, in words that say which of the two it is.
 */
export async function readGgufHeader(file: Blob, label: string): Promise<GgufHeader> {
  for (let bytes = FIRST_READ_BYTES; ; bytes *= 4) {
    const view = new DataView(await file.slice(0, bytes).arrayBuffer());
    try {
      const header = parse(view, label);
      if (header.neededBytes > file.size)
        throw integrity(
          `The file of ${label} is cut short: ${file.size} of ${header.neededBytes} bytes are there. Delete it and download it again.`,
        );
      return header;
    } catch (error) {
      if (error !== enough) throw error;
      if (bytes >= file.size)
        throw integrity(`The file of ${label} ends inside its header. Delete it and download it again.`);
      if (bytes >= MOST_HEADER_BYTES) throw integrity(`The header of ${label} makes no sense.`);
    }
  }
}

function parse(view: DataView, label: string): GgufHeader {
  const read = createReader(view);
  if (view.byteLength < 4 || read.u32() !== 0x46554747)
    throw integrity(`The file of ${label} is not a GGUF model. Delete it and download it again.`);
  const version = read.u32();
  if (version < 2 || version > 3)
    throw new AppError(
      'input/unsupported',
      `${label} is a GGUF file of version ${version}; 2 and 3 can be read.`,
    );
  const tensorCount = read.u64();
  const valueCount = read.u64();
  let alignment = DEFAULT_ALIGNMENT;
  let endTokenId: number | undefined;
  let tokensAt: number | undefined;
  for (let i = 0; i < valueCount; i++) {
    const key = read.text();
    const type = read.u32();
    if (key === 'tokenizer.ggml.tokens') tokensAt = read.offset();
    const value = read.value(type);
    if (key === 'tokenizer.ggml.eos_token_id') endTokenId = value;
    if (key === 'general.alignment') alignment = value ?? DEFAULT_ALIGNMENT;
  }
  let lastByte = 0;
  for (let i = 0; i < tensorCount; i++) lastByte = Math.max(lastByte, tensorEnd(read));
  const dataAt = Math.ceil(read.offset() / alignment) * alignment;
  return {
    endToken:
      tokensAt === undefined || endTokenId === undefined
        ? undefined
        : textAt(createReader(view, tokensAt), endTokenId),
    neededBytes: dataAt + lastByte,
  };
}

function tensorEnd(read: Reader): number {
  read.text();
  const dimensions = read.u32();
  if (dimensions > 8)
    throw integrity('A tensor of the model has more than 8 dimensions: the file is damaged.');
  let weights = 1;
  for (let i = 0; i < dimensions; i++) weights *= read.u64();
  const [blockWeights, blockBytes] = BLOCK[read.u32()] ?? [1, 0];
  return read.u64() + (weights / blockWeights) * blockBytes;
}

function textAt(read: Reader, index: number): string | undefined {
  const elementType = read.u32();
  const length = read.u64();
  if (elementType !== STRING || index >= length) return undefined;
  for (let i = 0; i < index; i++) read.skipText();
  return read.text();
}

type Reader = ReturnType<typeof createReader>;

function createReader(view: DataView, start = 0) {
  let at = start;
  const decoder = new TextDecoder();

  /** Moves on by `bytes` and returns where they began. */
  function take(bytes: number): number {
    const from = at;
    if (!(bytes >= 0) || from + bytes > view.byteLength) throw enough;
    at += bytes;
    return from;
  }
  const u32 = (): number => view.getUint32(take(4), true);
  const u64 = (): number => Number(view.getBigUint64(take(8), true));
  const skipText = (): void => {
    take(u64());
  };

  /** Returns whole numbers up to 32 bits; moves over everything else. */
  function value(type: number): number | undefined {
    if (type === STRING) return void skipText();
    if (type !== ARRAY) {
      const bytes = VALUE_BYTES[type];
      if (bytes === undefined)
        throw integrity('The header of the model has a value of an unknown type: the file is damaged.');
      const from = take(bytes);
      return type === 4 || type === 5 ? view.getUint32(from, true) : undefined;
    }
    const elementType = u32();
    const length = u64();
    const elementBytes = VALUE_BYTES[elementType];
    if (elementBytes !== undefined) return void take(elementBytes * length);
    for (let i = 0; i < length; i++) value(elementType);
    return undefined;
  }

  return {
    u32,
    u64,
    skipText,
    value,
    offset: () => at,
    text(): string {
      const length = u64();
      const from = take(length);
      return decoder.decode(new Uint8Array(view.buffer, view.byteOffset + from, length));
    },
  };
}

function integrity(message: string): AppError {
  return new AppError('model/integrity', message);
}
