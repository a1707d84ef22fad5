import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelSpec } from '#core/ports/model.ts';
import { describeMachine, engineThreads, GIB, type MachineProfile } from './machine.ts';
import { contextChoices, planFit } from './plan-fit.ts';
import { RECORDED } from './recorded-machines.test-support.ts';
import { gguf, QWEN_1_5B, SAMPLE_CATALOG, SMOLLM2_135M } from './sample-catalog.test-support.ts';

function machine(name: string): MachineProfile {
  const found = RECORDED.find(([label]) => label.startsWith(name));
  if (!found) throw new Error(`No record starts with ${name}`);
  return found[1];
}

function model(id: string): ModelSpec {
  const found = SAMPLE_CATALOG.find((entry) => entry.id === id);
  if (!found) throw new Error(`No model ${id}`);
  return found;
}

const rtx = machine('NVIDIA RTX 3060');
const ci = machine('Build machine');

describe('planFit', () => {
  it('leaves one core to the page, and takes one thread where the page is not isolated', () => {
    expect(engineThreads({ cores: 2, isIsolated: true })).toBe(1);
    expect(engineThreads({ cores: 1, isIsolated: true })).toBe(1);
    expect(engineThreads({ cores: 12, isIsolated: true })).toBe(11);
    expect(planFit(SMOLLM2_135M, machine('Page in a frame'))).toMatchObject({
      threads: 1,
      reasons: ['One thread only: this page is not isolated from others.'],
    });
  });

  it('does not count a software GPU, and lets the user insist', () => {
    const plan = planFit(model('SmolLM2-360M-Instruct-q4f32_1-MLC'), ci);
    expect(plan).toMatchObject({ fits: 'no', device: 'gpu', canForce: true, speedClass: 'very slow' });
    expect(plan.reasons[0]).toContain('software GPU');
    expect(
      planFit(
        gguf('any', { sizeBytes: 2e8, needs: { gpu: 'optional', shaderF16: false, memoryBytes: 3e8 } }),
        ci,
      ).device,
    ).toBe('cpu');
  });

  it('refuses 16-bit shaders where there are none, with no way to insist', () => {
    const pascal = machine('NVIDIA GTX 1060');
    expect(planFit(model('SmolLM2-360M-Instruct-q4f16_1-MLC'), pascal)).toMatchObject({
      fits: 'no',
      canForce: false,
    });
    expect(planFit(model('SmolLM2-360M-Instruct-q4f32_1-MLC'), pascal)).toMatchObject({ fits: 'yes' });
  });

  it('reads the adapter’s limits for the GPU engine', () => {
    if (!rtx.gpu) throw new Error('no gpu');
    const weak = { ...rtx, gpu: { ...rtx.gpu, maxComputeWorkgroupStorageSizeBytes: 16_384 } };
    expect(planFit(model('Qwen3-4B-q4f16_1-MLC'), weak)).toMatchObject({ fits: 'no', canForce: false });
    const small = { ...rtx, gpu: { ...rtx.gpu, maxBufferSizeBytes: 2 ** 27 } };
    expect(planFit(model('Qwen3-4B-q4f16_1-MLC'), small)).toMatchObject({ fits: 'no', canForce: false });
  });

  it('uses the GPU for a GGUF model only where the engine can wait for it', () => {
    const optional = gguf('optional', {
      sizeBytes: 1e9,
      needs: { gpu: 'optional', shaderF16: false, memoryBytes: 1.3e9 },
    });
    expect(planFit(optional, rtx).device).toBe('gpu');
    expect(planFit(optional, { ...rtx, hasWasmJspi: false }).device).toBe('cpu');
    expect(planFit(optional, rtx, { device: 'cpu' }).device).toBe('cpu');
  });

  it('shrinks the context before it gives up', () => {
    const tight = { ...rtx, deviceMemoryGiB: 4 };
    const big = gguf('big', {
      sizeBytes: 1.7e9,
      contextTokens: 32_768,
      parameters: 3e9,
      needs: { gpu: 'none', shaderF16: false, memoryBytes: 2.2e9 },
    });
    expect(planFit(big, { ...tight, deviceMemoryGiB: 8 })).toMatchObject({
      fits: 'yes',
      contextTokens: 4096,
    });
    const plan = planFit(big, tight);
    expect(plan.contextTokens).toBeLessThan(4096);
    expect(planFit(big, { ...tight, deviceMemoryGiB: 2 })).toMatchObject({ fits: 'no', canForce: true });
  });

  it('honours a wanted context and counts its KV cache', () => {
    const small = planFit(QWEN_1_5B, rtx, { contextTokens: 2048 });
    const large = planFit(QWEN_1_5B, rtx, { contextTokens: 32_768 });
    expect(small.contextTokens).toBe(2048);
    expect(large.memoryBytes - small.memoryBytes).toBeGreaterThan(1e9);
    expect(planFit(QWEN_1_5B, rtx, { contextTokens: 1e9 }).contextTokens).toBe(32_768);
  });

  it('says when the download does not fit, unless it is stored', () => {
    const full = machine('Laptop with a full disk');
    const plan = planFit(QWEN_1_5B, full);
    expect(plan.downloadFits).toBe(false);
    expect(plan.reasons.join(' ')).toContain('Needs 1.1 GB of space; 250 MB are free');
    expect(planFit(QWEN_1_5B, full, { isStored: true }).downloadFits).toBe(true);
  });

  it('refuses a GGUF file over 2 GB and a browser without 64-bit memory', () => {
    expect(planFit(gguf('huge', { sizeBytes: 2.5 * GIB }), rtx)).toMatchObject({
      fits: 'no',
      canForce: false,
    });
    expect(planFit(SMOLLM2_135M, machine('MacBook M2, old Safari'))).toMatchObject({
      fits: 'no',
      canForce: false,
    });
  });

  it('says that a server’s model leaves the device', () => {
    const remote: ModelSpec = {
      ...SMOLLM2_135M,
      engine: 'openai',
      files: [],
      sources: [],
      baseUrl: 'http://127.0.0.1:8000/v1',
    };
    const plan = planFit(remote, ci);
    expect(plan).toMatchObject({ fits: 'yes', memoryBytes: 0, downloadFits: true });
    expect(plan.speedClass).toBeUndefined();
    expect(plan.reasons[0]).toContain('leaves this device');
  });

  it('expects what was measured: SmolLM2 Q4_1 at 12-18, Qwen 1.5B Q4_K_M at about 4 tokens a second on two threads', () => {
    const twoThreads = { ...ci, cores: 3 };
    const smol = planFit(SMOLLM2_135M, twoThreads).expectedTokensPerSecond;
    const qwen = planFit({ ...QWEN_1_5B, quantization: 'Q4_K_M' }, twoThreads).expectedTokensPerSecond;
    expect(smol).toBeGreaterThan(11);
    expect(smol).toBeLessThan(19);
    expect(qwen).toBeGreaterThan(3.4);
    expect(qwen).toBeLessThan(5);
  });

  it('always gives a loadable plan', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...RECORDED),
        fc.constantFrom(...SAMPLE_CATALOG),
        fc.option(fc.integer({ min: 1, max: 200_000 })),
        ([, m], spec, wanted) => {
          const plan = planFit(spec, m, wanted === null ? {} : { contextTokens: wanted });
          expect(plan.contextTokens).toBeGreaterThanOrEqual(1);
          expect(plan.contextTokens).toBeLessThanOrEqual(spec.contextTokens);
          expect(plan.threads).toBeGreaterThanOrEqual(1);
          expect(plan.memoryBytes).toBeGreaterThan(0);
          if (plan.fits !== 'yes' || !plan.downloadFits) expect(plan.reasons.length).toBeGreaterThan(0);
          if (!plan.canForce) expect(plan.fits).toBe('no');
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('contextChoices', () => {
  it('ends at the model’s own maximum', () => {
    expect(contextChoices(SMOLLM2_135M)).toEqual([1024, 2048, 4096, 8192]);
    expect(contextChoices({ ...SMOLLM2_135M, contextTokens: 512 })).toEqual([512]);
    expect(contextChoices({ ...SMOLLM2_135M, contextTokens: 3000 })).toEqual([1024, 2048, 3000]);
  });
});

describe('describeMachine', () => {
  it.each([
    ['NVIDIA RTX 3060', 'NVIDIA GPU (Ampere)'],
    ['AMD RX 7800', 'AMD GPU (RDNA 3)'],
    ['MacBook Air M1', 'Apple GPU'],
    ['Intel UHD 620', 'Intel GPU (Gen 9), without 16-bit shaders'],
    ['Build machine', 'Software GPU only: the CPU is faster'],
    ['Office PC', 'No GPU that a web page can use'],
  ])('%s → %s', (name, expected) => {
    expect(describeMachine(machine(name)).gpu).toBe(expected);
  });

  it('does not make up what a browser hides', () => {
    const words = describeMachine({ ...machine('Linux laptop, Firefox'), storage: {} });
    expect(words.memory).toBe('Memory: this browser does not say');
    expect(words.storage).toBe('Free space: this browser does not say');
  });
});
