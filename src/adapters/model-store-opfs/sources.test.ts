import { describe, expect, it } from 'vitest';
import { fromWebllmPrebuilt } from '#core/models/index.ts';
import { completeFiles, originsOf } from './sources.ts';

const LIBRARY = 'https://libraries.example/base/Tiny-1B-q4f32_1_cs1k-webgpu.wasm';
const [PREBUILT] = fromWebllmPrebuilt([
  {
    id: 'Tiny-1B-q4f32_1-MLC',
    model: 'https://huggingface.co/mlc-ai/Tiny-1B-q4f32_1-MLC',
    modelLib: LIBRARY,
  },
]);
const TREE = [
  { type: 'file', path: 'README.md', size: 10 },
  { type: 'file', path: 'mlc-chat-config.json', size: 1800 },
  { type: 'file', path: 'params_shard_0.bin', size: 33_000_000, lfs: { oid: 'a'.repeat(64) } },
  { type: 'directory', path: 'logs', size: 0 },
];

describe('files of a prebuilt WebLLM model', () => {
  it('are those of its repository, and its library from where that is', async () => {
    if (PREBUILT === undefined) throw new Error('no model');
    const files = await completeFiles(PREBUILT, async () => Response.json(TREE));
    expect(files.map(({ path }) => path)).toEqual([
      'Tiny-1B-q4f32_1_cs1k-webgpu.wasm',
      'mlc-chat-config.json',
      'params_shard_0.bin',
    ]);
    expect(files[2]).toEqual({
      path: 'params_shard_0.bin',
      sizeBytes: 33_000_000,
      sha256: 'a'.repeat(64),
    });
    const [mirror, hub] = originsOf(PREBUILT, 'http://127.0.0.1:4173/models/');
    const [library, config] = files.map(({ path }) => path);
    expect(hub?.url(library ?? '')).toBe(LIBRARY);
    expect(hub?.url(config ?? '')).toBe(
      'https://huggingface.co/mlc-ai/Tiny-1B-q4f32_1-MLC/resolve/main/mlc-chat-config.json',
    );
    expect(mirror?.url(library ?? '')).toBe(
      `http://127.0.0.1:4173/models/Tiny-1B-q4f32_1-MLC/Tiny-1B-q4f32_1_cs1k-webgpu.wasm`,
    );
  });
});
