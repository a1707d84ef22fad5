import { describe, expect, it } from 'vitest';
import { parseModel } from './catalog.ts';
import { downloadEstimate } from './model-size.ts';
import { f32Twin, fromWebllmPrebuilt } from './prebuilt.ts';
import { PREBUILT_ENTRIES } from './sample-catalog.test-support.ts';

const models = fromWebllmPrebuilt(PREBUILT_ENTRIES);
const get = (id: string) => {
  const model = models.find((entry) => entry.id === id);
  if (!model) throw new Error(`no ${id}`);
  return model;
};

describe('fromWebllmPrebuilt, on the installed package’s list', () => {
  it('keeps every chat model, each a valid record', () => {
    expect(models.length).toBe(PREBUILT_ENTRIES.filter((entry) => !entry.id.includes('embed')).length);
    expect(models.length).toBeGreaterThan(100);
    for (const model of models) expect(parseModel(model)).toEqual(model);
  });

  it('takes shader-f16 from the id, which the package often leaves out', () => {
    const f16 = models.filter((model) => model.needs.shaderF16);
    const declared = PREBUILT_ENTRIES.filter((entry) => entry.requiredFeatures?.includes('shader-f16'));
    expect(f16.length).toBeGreaterThan(declared.length * 2);
    for (const model of f16) expect(model.id).toMatch(/q\df16/);
    expect(get('Llama-3.2-1B-Instruct-q4f16_1-MLC').needs.shaderF16).toBe(true);
    expect(get('Llama-3.2-1B-Instruct-q4f32_1-MLC').needs.shaderF16).toBe(false);
  });

  it('finds the 32-bit twin where there is one', () => {
    expect(f32Twin(get('Llama-3.2-1B-Instruct-q4f16_1-MLC'), models)?.id).toBe(
      'Llama-3.2-1B-Instruct-q4f32_1-MLC',
    );
    expect(f32Twin(get('Llama-3.2-1B-Instruct-q4f32_1-MLC'), models)).toBeUndefined();
    expect(f32Twin(get('Llama-2-13b-chat-hf-q4f16_1-MLC'), models)).toBeUndefined();
  });

  it.each([
    ['Qwen3-0.6B-q4f16_1-MLC', 'Qwen3 0.6B', 0.6e9, 'apache-2.0', 'q4f16_1'],
    ['SmolLM2-135M-Instruct-q0f32-MLC', 'SmolLM2 135M Instruct', 135e6, 'apache-2.0', 'q0f32'],
    [
      'stablelm-2-zephyr-1_6b-q4f16_1-MLC-1k',
      'stablelm 2 zephyr 1.6b (1k context)',
      1.6e9,
      'unknown',
      'q4f16_1',
    ],
    ['Phi-3.5-mini-instruct-q4f16_1-MLC', 'Phi 3.5 mini instruct', 3.8e9, 'mit', 'q4f16_1'],
    ['gemma-2-2b-it-q4f16_1-MLC', 'gemma 2 2b it', 2e9, 'gemma', 'q4f16_1'],
    ['Llama-3.1-70B-Instruct-q3f16_1-MLC', 'Llama 3.1 70B Instruct', 70e9, 'llama3.1', 'q3f16_1'],
    ['Qwen2.5-3B-Instruct-q4f32_1-MLC', 'Qwen2.5 3B Instruct', 3e9, 'qwen-research', 'q4f32_1'],
  ])('reads %s', (id, label, parameters, licence, quantization) => {
    expect(get(id)).toMatchObject({ label, parameters, licence, quantization, engine: 'webllm' });
  });

  it('states no made-up size: the estimate is marked as one', () => {
    const model = get('Qwen3-4B-q4f16_1-MLC');
    expect(model.files).toEqual([]);
    expect(model.needs.memoryBytes).toBe(3_431_590_000);
    expect(downloadEstimate(model)).toEqual({ bytes: 2.25e9, isEstimate: true });
    expect(downloadEstimate(get('gemma-4-E2B-it-q4f16_1-MLC'))).toBeUndefined();
  });

  it('has a hub repository and a library for every model', () => {
    for (const model of models) {
      expect(model.sources).toHaveLength(1);
      expect(model.sources[0]).toMatchObject({
        kind: 'hub',
        repo: expect.stringMatching(/^[\w.-]+\/[\w.-]+$/),
      });
      expect(model.library).toMatch(/^https:\/\/.+\.wasm$/);
    }
  });
});
