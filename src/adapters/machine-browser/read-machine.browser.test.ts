import { describe, expect, it } from 'vitest';
import { describeMachine, planFit } from '#core/models/index.ts';
import { readMachine } from './index.ts';

describe('readMachine, in this browser', () => {
  it('reads what the planner needs', async () => {
    const machine = await readMachine();
    expect(machine.browser).toBe('chromium');
    expect(machine.cores).toBe(navigator.hardwareConcurrency);
    expect(machine.storage.quotaBytes).toBeGreaterThan(0);
    expect(machine.hasOpfs).toBe(true);
    expect(machine.hasWasmMemory64).toBe(true);
    expect(machine.hasWasmJspi).toBe(true);
    expect(machine.isIsolated).toBe(globalThis.crossOriginIsolated);
    expect(describeMachine(machine).cores).toContain(String(machine.cores));
  });

  it('never takes a software GPU for a real one', async () => {
    const { gpu } = await readMachine();
    if (!gpu) return;
    expect(gpu.maxBufferSizeBytes).toBeGreaterThan(2 ** 27);
    if (/swiftshader|llvmpipe/.test(gpu.architecture)) expect(gpu.isFallbackAdapter).toBe(true);
  });

  it('is stable: a plan made twice is the same', async () => {
    const model = {
      id: 'm',
      task: 'chat',
      engine: 'wllama',
      label: 'M',
      licence: 'mit',
      contextTokens: 2048,
      languages: [],
      needs: { gpu: 'none', shaderF16: false, memoryBytes: 1e8 },
      files: [{ path: 'm.gguf', sizeBytes: 5e7 }],
      sources: [],
      quantization: 'Q8_0',
      summary: '',
    } as const;
    expect(planFit(model, await readMachine()).fits).toBe('yes');
  });
});
