import type { ModelSpec } from '#core/ports/model.ts';
import { AppError } from '#shared/errors.ts';

export interface GgufHeader {
  readonly architecture: string;
  readonly name: string | undefined;
  readonly licence: string | undefined;
  readonly contextTokens: number;
  readonly quantization: string;
  readonly parameters: number;
  readonly hasChatTemplate: boolean;
  /** The file must have at least this many bytes. */
  readonly neededBytes: number;
}

const HEADER_BYTES = 24 << 20; // vocabularies of 250k tokens fit
const STRING = 8;
const ARRAY = 9;
const SCALAR_BYTES: Readonly<Record<number, number>> = {
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
/** ggml type → [values in a block, bytes of a block, name]. */
const TENSOR_TYPES: Readonly<Record<number, readonly [number, number, string]>> = {
  0: [1, 4, 'F32'],
  1: [1, 2, 'F16'],
  2: [32, 18, 'Q4_0'],
  3: [32, 20, 'Q4_1'],
  6: [32, 22, 'Q5_0'],
  7: [32, 24, 'Q5_1'],
  8: [32, 34, 'Q8_0'],
  10: [256, 84, 'Q2_K'],
  11: [256, 110, 'Q3_K'],
  12: [256, 144, 'Q4_K'],
  13: [256, 176, 'Q5_K'],
  14: [256, 210, 'Q6_K'],
  16: [256, 66, 'IQ2_XXS'],
  17: [256, 74, 'IQ2_XS'],
  18: [256, 98, 'IQ3_XXS'],
  20: [32, 18, 'IQ4_NL'],
  21: [256, 110, 'IQ3_S'],
  22: [256, 82, 'IQ2_S'],
  23: [256, 136, 'IQ4_XS'],
  30: [1, 2, 'BF16'],
};

function broken(why: string): never {
  throw new AppError('input/invalid', `This is not a usable GGUF file: ${why}.`);
}

function createReader(buffer: ArrayBuffer, fileBytes: number) {
  const view = new DataView(buffer);
  const text = new TextDecoder();
  let at = 4;
  const take = (bytes: number): number => {
    at += bytes;
    if (bytes < 0 || at > view.byteLength)
      broken(fileBytes > view.byteLength ? 'its header is too long' : 'it ends in the middle of its header');
    return at - bytes;
  };
  const reader = {
    u32: () => view.getUint32(take(4), true),
    u64: () => Number(view.getBigUint64(take(8), true)),
    string: () => {
      const length = reader.u64();
      return text.decode(new Uint8Array(buffer, take(length), length));
    },
    /** Numbers and strings; long arrays are passed over and give their length. */
    value(type: number): string | number {
      if (type === STRING) return reader.string();
      if (type === ARRAY) {
        const inner = reader.u32();
        const count = reader.u64();
        const size = SCALAR_BYTES[inner];
        if (size !== undefined) take(size * count);
        else for (let i = 0; i < count; i++) reader.value(inner);
        return count;
      }
      const size = SCALAR_BYTES[type];
      if (size === undefined) broken('it has a value of an unknown type');
      const start = take(size);
      if (type === 4) return view.getUint32(start, true);
      if (type === 5) return view.getInt32(start, true);
      if (type === 10 || type === 11) return Number(view.getBigUint64(start, true));
      return type === 6 ? view.getFloat32(start, true) : view.getUint8(start);
    },
    position: () => at,
  };
  return reader;
}

/** Reads what a GGUF says of itself and checks that the file is as long as it must be. Throws input/invalid. */
export async function readGgufHeader(file: Blob): Promise<GgufHeader> {
  if (file.size === 0) broken('it is empty');
  const buffer = await file.slice(0, HEADER_BYTES).arrayBuffer();
  const magic = new TextDecoder('latin1').decode(buffer.slice(0, 4));
  if (magic !== 'GGUF') broken(`it starts with “${magic.replace(/[^\x20-\x7e]/g, '·')}”, not with “GGUF”`);
  const reader = createReader(buffer, file.size);
  if (reader.u32() < 2) broken('its version is too old');
  const tensorCount = reader.u64();
  const metadataCount = reader.u64();
  if (tensorCount > 100_000 || metadataCount > 100_000) broken('its header makes no sense');
  const metadata = new Map<string, string | number>();
  for (let i = 0; i < metadataCount; i++) {
    const key = reader.string();
    metadata.set(key, reader.value(reader.u32()));
  }
  const { parameters, dataBytes, quantization } = readTensorTable(reader, tensorCount);
  const alignment = Number(metadata.get('general.alignment') ?? 32);
  const neededBytes = Math.ceil(reader.position() / alignment) * alignment + dataBytes;
  if (file.size < neededBytes)
    throw new AppError(
      'input/invalid',
      `This GGUF file is cut off: it has ${file.size} bytes and needs ${neededBytes}. Download it again.`,
      { details: { sizeBytes: file.size, neededBytes } },
    );
  const architecture = String(metadata.get('general.architecture') ?? 'unknown');
  const named = (key: string): string | undefined => metadata.get(key)?.toString();
  return {
    architecture,
    name: named('general.name'),
    licence: named('general.license')?.toLowerCase(),
    contextTokens: Number(metadata.get(`${architecture}.context_length`) ?? 2048),
    quantization,
    parameters,
    hasChatTemplate: metadata.has('tokenizer.chat_template'),
    neededBytes,
  };
}

function readTensorTable(reader: ReturnType<typeof createReader>, count: number) {
  let parameters = 0;
  let dataBytes = 0;
  const valuesByType = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    reader.string();
    const dimensions = reader.u32();
    if (dimensions > 8) broken('a tensor has too many dimensions');
    let values = 1;
    for (let d = 0; d < dimensions; d++) values *= reader.u64();
    const type = TENSOR_TYPES[reader.u32()];
    const offset = reader.u64();
    parameters += values;
    if (type === undefined) continue; // a newer quantization: the engine knows it or says so
    const [block, bytes, name] = type;
    valuesByType.set(name, (valuesByType.get(name) ?? 0) + values);
    dataBytes = Math.max(dataBytes, offset + (values / block) * bytes);
  }
  const most = [...valuesByType].sort((a, b) => b[1] - a[1])[0];
  return { parameters, dataBytes, quantization: most?.[0] ?? 'unknown' };
}

/** The spec of an imported GGUF. */
export function specFromGguf(header: GgufHeader, file: File, sha256: string): ModelSpec {
  const base = file.name.replace(/\.gguf$/i, '');
  const id = `import-${base
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .slice(0, 60)}-${sha256.slice(0, 8)}`;
  return {
    id,
    task: 'chat',
    engine: 'wllama',
    label: header.name?.trim() || base,
    licence: header.licence ?? 'unknown',
    contextTokens: header.contextTokens,
    languages: [],
    needs: { gpu: 'optional', shaderF16: false, memoryBytes: Math.round(file.size * 1.25) },
    files: [{ path: file.name.replace(/[^\w.() -]/g, '_'), sizeBytes: file.size, sha256 }],
    sources: [{ kind: 'import' }],
    quantization: header.quantization,
    ...(header.parameters > 0 ? { parameters: header.parameters } : {}),
    summary: header.hasChatTemplate
      ? 'Imported from this computer.'
      : 'Imported from this computer. It has no chat template: it may complete text rather than answer.',
    isImported: true,
  };
}
