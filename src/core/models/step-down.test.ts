import { describe, expect, it } from 'vitest';
import type { ModelSpec } from '#core/ports/model.ts';
import { AppError } from '#shared/errors.ts';
import { codeOf, ON_GPU, ONLY_GPU, type Setup, setUp } from './engine-room.test-support.ts';
import { SMOLLM2_135M, SMOLLM2_360M } from './sample-catalog.test-support.ts';
import type { StepDownProposal } from './step-down.ts';

/** What is asked, in order, when each question is answered with yes; then what runs. */
const STEPS: readonly {
  readonly name: string;
  readonly model: ModelSpec;
  readonly setup: Setup;
  readonly asked: readonly (readonly [StepDownProposal['kind'], string])[];
  readonly outcome: string;
}[] = [
  {
    name: 'enough memory: nothing is asked',
    model: ON_GPU,
    setup: { gpuBytes: 2e9 },
    asked: [],
    outcome: 'gpu-model 8192 webgpu',
  },
  {
    name: 'a smaller context is enough',
    model: ON_GPU,
    setup: { gpuBytes: 1.45e9 },
    asked: [['smaller-context', 'gpu-model gpu 4096']],
    outcome: 'gpu-model 4096 webgpu',
  },
  {
    name: 'down to the CPU',
    model: ON_GPU,
    setup: { gpuBytes: 0.9e9 },
    asked: [
      ['smaller-context', 'gpu-model gpu 4096'],
      ['smaller-context', 'gpu-model gpu 2048'],
      ['smaller-context', 'gpu-model gpu 1024'],
      ['cpu', 'gpu-model cpu 1024'],
    ],
    outcome: 'gpu-model 1024 wasm',
  },
  {
    name: 'no WebGPU: the context is not the trouble',
    model: ON_GPU,
    setup: { gpuBytes: 0 },
    asked: [['cpu', 'gpu-model cpu 8192']],
    outcome: 'gpu-model 8192 wasm',
  },
  {
    name: 'a model that needs the GPU gives way to a smaller stored one',
    model: ONLY_GPU,
    setup: { gpuBytes: 0, stored: [ONLY_GPU.id, SMOLLM2_135M.id, SMOLLM2_360M.id] },
    asked: [['smaller-model', 'smollm2-360m cpu 4096']],
    outcome: 'smollm2-360m 4096 wasm',
  },
  {
    name: 'nothing left to try',
    model: SMOLLM2_135M,
    setup: { cpuBytes: 50e6, stored: [SMOLLM2_135M.id] },
    asked: [
      ['smaller-context', 'smollm2-135m cpu 2048'],
      ['smaller-context', 'smollm2-135m cpu 1024'],
    ],
    outcome: 'model/out-of-memory',
  },
];

describe('engine room: stepping down', () => {
  it.each(STEPS)('$name', async ({ model, setup, asked, outcome }) => {
    const t = setUp(setup);
    const result = await t.room.load(model.id).then(
      ({ loaded }) => `${loaded.modelId} ${loaded.contextTokens} ${loaded.runsOn}`,
      (error: AppError) => error.code,
    );
    const seen = t.proposals.map(({ kind, next }) => [
      kind,
      `${next.model.id} ${next.device} ${next.contextTokens}`,
    ]);
    expect(seen).toEqual(asked);
    expect(result).toBe(outcome);
    expect(t.room.state().status).toBe(outcome.includes('/') ? 'failed' : 'ready');
  });

  it('does nothing smaller without a yes', async () => {
    const t = setUp({ gpuBytes: 0.9e9, says: false });
    expect(await codeOf(t.room.load(ON_GPU.id))).toBe('model/out-of-memory');
    expect(t.engine.log).toEqual(['load gpu-model gpu 8192']);
    expect(t.room.state()).toMatchObject({ status: 'failed', model: { id: ON_GPU.id } });
  });

  it('remembers what was stepped down to', async () => {
    const t = setUp({ gpuBytes: 1.45e9 });
    await t.room.load(ON_GPU.id);
    expect(t.settings.get('models.lastUsed')).toEqual({
      modelId: ON_GPU.id,
      contextTokens: 4096,
      device: 'gpu',
    });
  });

  it('a wrong hash is no reason to take another model', async () => {
    const t = setUp();
    const load = t.engine.load;
    t.engine.load = async () => {
      throw new AppError('model/integrity', 'The file is damaged. Download it again.');
    };
    expect(await codeOf(t.room.load(ON_GPU.id))).toBe('model/integrity');
    expect(t.proposals).toEqual([]);
    t.engine.load = load;
  });
});
