// A model of the size and shape of CLIP ViT-B/32 with made-up weights: it computes what the real one computes, for as long,
// and understands nothing. Its files are made when a bench needs them, not kept in the repository.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createGraph } from './onnx-writer.mjs';
import { MADE_MODELS, PROJECT } from './site.mjs';

const PACK = join(PROJECT, 'models/packs/emoji-clip');
const VISION = { width: 768, heads: 12, layers: 12, side: 224, patch: 32 };
/** The vocabulary is that of the pack's tokenizer: looking a word up costs the same in a large one. */
const TEXT = { width: 512, heads: 8, layers: 12, vocabulary: 8000, tokens: 77 };
const DIMENSION = 512;
/** Standard deviation of whole numbers from -127 to 127 that are equally frequent. */
const BYTE_DEVIATION = 73.3;
const FILES = ['onnx/vision_model_quantized.onnx', 'onnx/text_model_quantized.onnx'];

/** The same bytes in every run. */
function createBytes(seed) {
  let state = seed;
  return (count) => {
    const values = new Int8Array(count);
    for (let i = 0; i < count; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      values[i] = ((state >>> 24) % 255) - 127;
    }
    return values;
  };
}

/** Weights as the pack's own: 8 bits in the file, made floats once, when the session is made. */
function createLayers(graph, seed) {
  const bytes = createBytes(seed);
  function weight(dims, fanIn) {
    const stored = graph.bytes(dims, bytes(dims.reduce((a, b) => a * b, 1)));
    const scale = graph.floats([], [1 / (BYTE_DEVIATION * Math.sqrt(fanIn))]);
    return graph.node('Mul', [graph.node('Cast', [stored], { to: 1 }), scale]);
  }
  const filled = (size, value) => graph.floats([size], new Float32Array(size).fill(value));
  const norm = (x, width) =>
    graph.node('LayerNormalization', [x, filled(width, 1), filled(width, 0)], { axis: -1, epsilon: 1.5e-5 });
  const linear = (x, from, to) =>
    graph.node('Add', [graph.node('MatMul', [x, weight([from, to], from)]), filled(to, 0)]);

  function attention(x, width, heads) {
    const split = graph.ints([0, -1, heads, width / heads]);
    const side = (perm) =>
      graph.node('Transpose', [graph.node('Reshape', [linear(x, width, width), split])], { perm });
    const [q, k, v] = [side([0, 2, 1, 3]), side([0, 2, 3, 1]), side([0, 2, 1, 3])];
    const scale = graph.floats([], [1 / Math.sqrt(width / heads)]);
    const scores = graph.node('Mul', [graph.node('MatMul', [q, k]), scale]);
    const mixed = graph.node('MatMul', [graph.node('Softmax', [scores], { axis: -1 }), v]);
    const together = graph.node('Transpose', [mixed], { perm: [0, 2, 1, 3] });
    return linear(graph.node('Reshape', [together, graph.ints([0, -1, width])]), width, width);
  }

  function feedForward(x, width) {
    const wide = linear(x, width, 4 * width);
    const gate = graph.node('Sigmoid', [graph.node('Mul', [wide, graph.floats([], [1.702])])]);
    return linear(graph.node('Mul', [wide, gate]), 4 * width, width);
  }

  function blocks(x, { width, heads, layers }) {
    let state = x;
    for (let layer = 0; layer < layers; layer++) {
      state = graph.node('Add', [state, attention(norm(state, width), width, heads)]);
      state = graph.node('Add', [state, feedForward(norm(state, width), width)]);
    }
    return state;
  }

  /** The first token stands for all. */
  function project(x, width, name) {
    const first = graph.node('Gather', [x, graph.ints([0], [])], { axis: 1 });
    graph.node('MatMul', [norm(first, width), weight([width, DIMENSION], width)], {}, name);
    graph.output(name, 'float', ['batch', DIMENSION]);
  }

  return { weight, norm, blocks, project };
}

function visionTower() {
  const graph = createGraph('vision');
  const { weight, norm, blocks, project } = createLayers(graph, 1);
  const { width, side, patch } = VISION;
  graph.input('pixel_values', 'float', ['batch', 3, side, side]);
  const kernel = weight([width, 3, patch, patch], 3 * patch * patch);
  const patches = graph.node('Conv', ['pixel_values', kernel], {
    kernel_shape: [patch, patch],
    strides: [patch, patch],
  });
  const flat = graph.node('Reshape', [patches, graph.ints([0, width, -1])]);
  const tokens = graph.node('Transpose', [flat], { perm: [0, 2, 1] });
  const [from, to, axis] = [graph.ints([0]), graph.ints([1]), graph.ints([1])];
  const one = graph.node('Slice', [tokens, from, to, axis]);
  const nothing = graph.node('Mul', [one, graph.floats([], [0])]);
  const start = graph.node('Add', [nothing, weight([1, 1, width], 1)]);
  const all = graph.node('Concat', [start, tokens], { axis: 1 });
  const placed = graph.node('Add', [all, weight([1, (side / patch) ** 2 + 1, width], 1)]);
  project(blocks(norm(placed, width), VISION), width, 'image_embeds');
  return graph.finish();
}

function textTower() {
  const graph = createGraph('text');
  const { weight, blocks, project } = createLayers(graph, 2);
  const { width, vocabulary, tokens } = TEXT;
  graph.input('input_ids', 'int64', ['batch', 'tokens']);
  const words = graph.node('Gather', [weight([vocabulary, width], 1), 'input_ids'], { axis: 0 });
  const shape = graph.node('Shape', ['input_ids']);
  const [from, to, axis] = [graph.ints([0]), graph.ints([1]), graph.ints([2])];
  const length = graph.node('Slice', [shape, to, axis]);
  const places = graph.node('Slice', [weight([tokens, width], 1), from, length, from]);
  project(blocks(graph.node('Add', [words, places]), TEXT), width, 'text_embeds');
  return graph.finish();
}

function writeOnce(path, make) {
  if (existsSync(path)) return;
  writeFileSync(`${path}.part`, make());
  renameSync(`${path}.part`, path);
}

/** Its record, as one of the catalog. The server gives its files under /bench-models/. */
export function makeClipSized() {
  const id = 'clip-sized';
  const folder = join(MADE_MODELS, id);
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  writeOnce(join(folder, FILES[0]), visionTower);
  writeOnce(join(folder, FILES[1]), textTower);
  for (const name of ['tokenizer.json', 'tokenizer_config.json'])
    copyFileSync(join(PACK, name), join(folder, name));
  const read = (name) => JSON.parse(readFileSync(join(PACK, name), 'utf8'));
  const { side } = VISION;
  const size = { shortest_edge: side };
  const processor = { ...read('preprocessor_config.json'), size, crop_size: { height: side, width: side } };
  writeFileSync(join(folder, 'preprocessor_config.json'), JSON.stringify(processor));
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({ ...read('config.json'), projection_dim: DIMENSION }),
  );
  const paths = [
    ...FILES,
    'tokenizer.json',
    'tokenizer_config.json',
    'config.json',
    'preprocessor_config.json',
  ];
  return {
    id,
    task: 'embed-image-text',
    engine: 'transformers',
    label: 'A model of the size of CLIP ViT-B/32',
    licence: 'none',
    contextTokens: TEXT.tokens,
    languages: ['en'],
    quantization: 'q8',
    dimension: DIMENSION,
    logits: { scale: 100, bias: 0, kind: 'softmax' },
    needs: { gpu: 'none', shaderF16: false, memoryBytes: 700_000_000 },
    files: paths.map((path) => ({
      path,
      sizeBytes: statSync(join(folder, path)).size,
      sha256: createHash('sha256')
        .update(readFileSync(join(folder, path)))
        .digest('hex'),
    })),
    sources: [],
  };
}
