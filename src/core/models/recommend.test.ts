import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MachineProfile } from './machine.ts';
import { qualityScore } from './quality.ts';
import { recommend } from './recommend.ts';
import { RECORDED } from './recorded-machines.test-support.ts';
import { SAMPLE_CATALOG } from './sample-catalog.test-support.ts';

/** [best, smaller, larger] for each recorded machine. */
const EXPECTED: Readonly<Record<string, readonly (string | undefined)[]>> = {
  'NVIDIA RTX 4070 desktop, Chrome': [
    'Qwen3-4B-q4f16_1-MLC',
    'Qwen3.5-2B-q4f16_1-MLC',
    'Qwen3.5-9B-q4f16_1-MLC',
  ],
  'NVIDIA RTX 3060 laptop, Chrome': [
    'Qwen3-4B-q4f16_1-MLC',
    'Qwen3.5-2B-q4f16_1-MLC',
    'Llama-3.1-8B-Instruct-q4f16_1-MLC',
  ],
  'NVIDIA GTX 1650 laptop, Edge': ['Qwen3-4B-q4f16_1-MLC', 'Qwen3.5-2B-q4f16_1-MLC', undefined],
  'NVIDIA GTX 1060, no shader-f16': [
    'Llama-3.2-3B-Instruct-q4f32_1-MLC',
    'Qwen3-1.7B-q4f32_1-MLC',
    undefined,
  ],
  'AMD RX 7800 desktop, Chrome': [
    'Ministral-3-3B-Instruct-2512-BF16-q4f16_1-MLC',
    'Qwen3-1.7B-q4f16_1-MLC',
    'Qwen3.5-9B-q4f16_1-MLC',
  ],
  'AMD Ryzen laptop, Radeon 680M': [
    'Ministral-3-3B-Instruct-2512-BF16-q4f16_1-MLC',
    'Qwen3-1.7B-q4f16_1-MLC',
    'Qwen3-4B-q4f16_1-MLC',
  ],
  'Intel Iris Xe laptop, 8 GB': [
    'Ministral-3-3B-Instruct-2512-BF16-q4f16_1-MLC',
    'Qwen3-1.7B-q4f16_1-MLC',
    'Qwen3-4B-q4f16_1-MLC',
  ],
  'Intel UHD 620 laptop, 4 GB': ['qwen2.5-1.5b', 'Llama-3.2-1B-Instruct-q4f32_1-MLC', undefined],
  'Intel Arc A770 desktop': ['Qwen3-4B-q4f16_1-MLC', 'Qwen3.5-2B-q4f16_1-MLC', undefined],
  'Snapdragon X Elite laptop': [
    'Ministral-3-3B-Instruct-2512-BF16-q4f16_1-MLC',
    'Qwen3-1.7B-q4f16_1-MLC',
    'Qwen3.5-9B-q4f16_1-MLC',
  ],
  'MacBook Air M1, 8 GB, Chrome': [
    'Qwen3-4B-q4f16_1-MLC',
    'Qwen3.5-2B-q4f16_1-MLC',
    'Llama-3.1-8B-Instruct-q4f16_1-MLC',
  ],
  'MacBook Pro M2, 16 GB, Chrome': [
    'Qwen3-4B-q4f16_1-MLC',
    'Qwen3.5-2B-q4f16_1-MLC',
    'Qwen3.5-9B-q4f16_1-MLC',
  ],
  'MacBook Pro M3 Max, Chrome': ['Qwen3-4B-q4f16_1-MLC', 'Qwen3.5-2B-q4f16_1-MLC', 'Qwen3.5-9B-q4f16_1-MLC'],
  'Mac mini M4, Safari 26': [
    'Qwen3-4B-q4f16_1-MLC',
    'Qwen3.5-2B-q4f16_1-MLC',
    'Llama-3.1-8B-Instruct-q4f16_1-MLC',
  ],
  'MacBook M2, old Safari without WebGPU': [undefined, undefined, undefined],
  'Windows laptop, Firefox with WebGPU': ['Qwen3-4B-q4f16_1-MLC', 'Qwen3.5-2B-q4f16_1-MLC', undefined],
  'Linux laptop, Firefox without WebGPU': ['qwen2.5-1.5b', 'qwen2.5-0.5b', undefined],
  'Office PC without a GPU, 4 cores': ['qwen2.5-0.5b', 'smollm2-135m', 'qwen2.5-1.5b'],
  'Workstation without a GPU, 32 cores': ['qwen2.5-1.5b', 'qwen2.5-0.5b', undefined],
  'Old laptop, 2 cores, 2 GB': ['smollm2-360m', 'smollm2-135m', 'qwen2.5-0.5b'],
  'Build machine: SwiftShader, 2 cores': ['smollm2-360m', 'smollm2-135m', 'qwen2.5-0.5b'],
  'Page in a frame, not isolated': ['smollm2-360m', 'smollm2-135m', 'qwen2.5-0.5b'],
  'Laptop with a full disk': ['SmolLM2-360M-Instruct-q4f16_1-MLC', 'smollm2-135m', undefined],
  'Chromebook, 4 GB': ['SmolLM2-1.7B-Instruct-q4f16_1-MLC', 'Qwen3.5-0.8B-q4f16_1-MLC', undefined],
  'Galaxy S23, Chrome': [
    'SmolLM2-1.7B-Instruct-q4f16_1-MLC',
    'Qwen3.5-0.8B-q4f16_1-MLC',
    'Llama-3.2-3B-Instruct-q4f16_1-MLC',
  ],
  'Pixel 6, Chrome': [
    'SmolLM2-1.7B-Instruct-q4f16_1-MLC',
    'Qwen3.5-0.8B-q4f16_1-MLC',
    'Llama-3.2-3B-Instruct-q4f16_1-MLC',
  ],
  'Cheap Android, 2 GB, no WebGPU': ['smollm2-135m', undefined, undefined],
  'iPhone 15, Safari 26': ['gemma3-1b-it-q4f16_1-MLC', 'Qwen2.5-0.5B-Instruct-q4f16_1-MLC', undefined],
  'iPad Air M1, Safari 26': ['gemma3-1b-it-q4f16_1-MLC', 'Qwen2.5-0.5B-Instruct-q4f16_1-MLC', undefined],
  'Browser without a private file system': [undefined, undefined, undefined],
};

describe('recommend', () => {
  it('covers every recorded machine', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(RECORDED.map(([name]) => name).sort());
    expect(RECORDED.length).toBeGreaterThanOrEqual(20);
  });

  it.each(RECORDED)('%s', (name, machine) => {
    const { best, smaller, larger } = recommend(SAMPLE_CATALOG, machine);
    expect([best?.model.id, smaller?.model.id, larger?.model.id]).toEqual(EXPECTED[name]);
  });

  it('offers a light embedder wherever models can be stored', () => {
    for (const [, machine] of RECORDED) {
      expect(recommend(SAMPLE_CATALOG, machine).embedder?.model.id).toBe(
        machine.hasOpfs ? 'bge-small' : undefined,
      );
    }
  });

  it('needs no space for what is stored already', () => {
    const full = RECORDED.find(([name]) => name === 'Laptop with a full disk')?.[1];
    if (!full) throw new Error('no such record');
    const stored = recommend(SAMPLE_CATALOG, full, (id) => id === 'Qwen3-1.7B-q4f16_1-MLC');
    expect(stored.best?.model.id).toBe('Qwen3-1.7B-q4f16_1-MLC');
  });

  it('does not depend on the order of the catalog', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...SAMPLE_CATALOG], { minLength: SAMPLE_CATALOG.length }),
        (shuffled) => {
          const [, machine] = RECORDED[1] ?? [];
          if (!machine) throw new Error('no machine');
          expect(recommend(shuffled, machine).best?.model.id).toBe('Qwen3-4B-q4f16_1-MLC');
        },
      ),
      { numRuns: 20 },
    );
  });

  it('recommends no model that sees: for words alone another one of its size is better', () => {
    const [, machine] = RECORDED[0] ?? [];
    if (!machine) throw new Error('No machine is recorded');
    const seeing = SAMPLE_CATALOG.map((model) => ({
      ...model,
      id: `${model.id}-vl`,
      seesImages: true as const,
    }));
    expect(recommend([...SAMPLE_CATALOG, ...seeing], machine)).toEqual(recommend(SAMPLE_CATALOG, machine));
    expect(recommend(seeing, machine).best).toBeUndefined();
  });

  it('never recommends a worse model for more memory, more space or more cores', () => {
    const better = fc.record({
      machine: fc.constantFrom(...RECORDED.map(([, machine]) => machine)),
      from: fc.constantFrom(0.5, 1, 2, 4, 8, 16),
      memoryFactor: fc.integer({ min: 1, max: 8 }),
      moreCores: fc.nat(8),
      moreBytes: fc.nat(50_000_000_000),
    });
    fc.assert(
      fc.property(better, ({ machine, from, memoryFactor, moreCores, moreBytes }) => {
        const before: MachineProfile = { ...machine, deviceMemoryGiB: from };
        const after: MachineProfile = {
          ...before,
          deviceMemoryGiB: from * memoryFactor,
          cores: before.cores + moreCores,
          storage: { ...before.storage, quotaBytes: (before.storage.quotaBytes ?? 0) + moreBytes },
        };
        const [poor, rich] = [recommend(SAMPLE_CATALOG, before), recommend(SAMPLE_CATALOG, after)];
        if (!poor.best) return;
        expect(rich.best).toBeDefined();
        if (rich.best)
          expect(qualityScore(rich.best.model)).toBeGreaterThanOrEqual(qualityScore(poor.best.model));
      }),
      { numRuns: 300 },
    );
  });
});
