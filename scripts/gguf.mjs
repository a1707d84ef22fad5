// Reads a GGUF file (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md): metadata, tensor table, tensor data.
const SIZES = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };
const STRING = 8;
const ARRAY = 9;
const F32 = 0;
const Q4_1 = 3;
const Q8_0 = 8;

/** @param {Buffer} file The whole file. */
export function readGguf(file) {
  if (file.toString('latin1', 0, 4) !== 'GGUF') throw new Error('not a GGUF file');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let at = 4;
  const take = (bytes) => {
    at += bytes;
    return at - bytes;
  };
  const u32 = () => view.getUint32(take(4), true);
  const u64 = () => Number(view.getBigUint64(take(8), true));
  const string = () => {
    const start = take(u64());
    return file.toString('utf8', start, at);
  };
  const scalar = (type) => {
    const start = take(SIZES[type]);
    switch (type) {
      case 0:
      case 7:
        return view.getUint8(start);
      case 1:
        return view.getInt8(start);
      case 2:
        return view.getUint16(start, true);
      case 3:
        return view.getInt16(start, true);
      case 4:
        return view.getUint32(start, true);
      case 5:
        return view.getInt32(start, true);
      case 6:
        return view.getFloat32(start, true);
      case 10:
        return Number(view.getBigUint64(start, true));
      case 11:
        return Number(view.getBigInt64(start, true));
      case 12:
        return view.getFloat64(start, true);
      default:
        throw new Error(`GGUF value type ${type} is not known`);
    }
  };
  const value = (type) => {
    if (type === STRING) return string();
    if (type !== ARRAY) return scalar(type);
    const inner = u32();
    return Array.from({ length: u64() }, () => value(inner));
  };
  const version = u32();
  if (version < 2) throw new Error(`GGUF version ${version} is too old`);
  const tensorCount = u64();
  const metadataCount = u64();
  const metadata = {};
  for (let i = 0; i < metadataCount; i++) {
    const key = string();
    metadata[key] = value(u32());
  }
  const tensors = new Map();
  for (let i = 0; i < tensorCount; i++) {
    const name = string();
    const shape = Array.from({ length: u32() }, u64).reverse();
    const type = u32();
    tensors.set(name, { shape, type, offset: u64() });
  }
  const alignment = metadata['general.alignment'] ?? 32;
  const dataStart = Math.ceil(at / alignment) * alignment;
  return { metadata, tensors, view, dataStart };
}

/** IEEE 754 half precision to number. */
function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A tensor as row-major float32, the arithmetic done in float32 as the reference does it. */
export function dequantize(gguf, name) {
  const tensor = gguf.tensors.get(name);
  if (tensor === undefined) throw new Error(`tensor ${name} is missing`);
  const { view } = gguf;
  const count = tensor.shape.reduce((a, b) => a * b, 1);
  const start = gguf.dataStart + tensor.offset;
  const out = new Float32Array(count);
  if (tensor.type === F32) {
    for (let i = 0; i < count; i++) out[i] = view.getFloat32(start + i * 4, true);
  } else if (tensor.type === Q4_1) {
    for (let block = 0; block < count / 32; block++) {
      const p = start + block * 20;
      const scale = half(view.getUint16(p, true));
      const min = half(view.getUint16(p + 2, true));
      for (let i = 0; i < 16; i++) {
        const byte = view.getUint8(p + 4 + i);
        out[block * 32 + i] = Math.fround(scale * (byte & 15)) + min;
        out[block * 32 + 16 + i] = Math.fround(scale * (byte >> 4)) + min;
      }
    }
  } else if (tensor.type === Q8_0) {
    for (let block = 0; block < count / 32; block++) {
      const p = start + block * 34;
      const scale = half(view.getUint16(p, true));
      for (let i = 0; i < 32; i++) out[block * 32 + i] = scale * view.getInt8(p + 2 + i);
    }
  } else throw new Error(`tensor ${name}: type ${tensor.type} is not supported by this converter`);
  return { data: out, shape: tensor.shape };
}
