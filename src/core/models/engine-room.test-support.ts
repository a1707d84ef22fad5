import type { SamplingSettings } from '#core/ports/chat-engine.ts';
import type { EngineState } from '#core/ports/engine-room.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { AppError } from '#shared/errors.ts';
import { type BigramEngine, createBigramEngine } from './bigram-engine.test-support.ts';
import { createEngineRoom } from './engine-room.ts';
import { type FitPlan, planFit } from './plan-fit.ts';
import { RECORDED } from './recorded-machines.test-support.ts';
import { BGE_SMALL, gguf, QWEN_1_5B, SMOLLM2_135M, SMOLLM2_360M } from './sample-catalog.test-support.ts';
import type { StepDownProposal } from './step-down.ts';

export const GREEDY: SamplingSettings = {
  temperature: 0,
  topP: 1,
  topK: 0,
  minP: 0,
  repetitionPenalty: 1,
  maxTokens: 0,
  stop: [],
};
export const ON_GPU = gguf('gpu-model', {
  sizeBytes: 1e9,
  parameters: 1.5e9,
  contextTokens: 8192,
  needs: { gpu: 'optional', shaderF16: false, memoryBytes: 1.4e9 },
});
export const ONLY_GPU: ModelSpec = {
  ...ON_GPU,
  id: 'only-gpu',
  engine: 'webllm',
  needs: { ...ON_GPU.needs, gpu: 'required' },
};
const MODELS = [SMOLLM2_135M, SMOLLM2_360M, QWEN_1_5B, ON_GPU, ONLY_GPU, BGE_SMALL];

function machine(name: string) {
  const found = RECORDED.find(([label]) => label.startsWith(name));
  if (!found) throw new Error(name);
  return found[1];
}

export interface Setup {
  readonly gpuBytes?: number;
  readonly cpuBytes?: number;
  readonly stored?: readonly string[];
  readonly says?: boolean;
  readonly plan?: (model: ModelSpec) => FitPlan;
}

export function setUp({
  gpuBytes = 6e9,
  cpuBytes = 4e9,
  stored = MODELS.map(({ id }) => id),
  says = true,
  plan,
}: Setup = {}) {
  const engine: BigramEngine = createBigramEngine({ gpuBytes, cpuBytes });
  const settings = new Map<string, unknown>();
  const proposals: StepDownProposal[] = [];
  const storedIds = new Set(stored);
  const room = createEngineRoom({
    engine,
    models: async (id) => MODELS.find((model) => model.id === id),
    isStored: async (id) => storedIds.has(id),
    plan: async (model, options) => plan?.(model) ?? planFit(model, machine('NVIDIA RTX 3060'), options),
    settings: {
      get: async (key) => settings.get(key),
      set: async (key, value) => void settings.set(key, value),
    },
    onStepDown: async (proposal) => {
      proposals.push(proposal);
      return says;
    },
    storedModels: async () => MODELS.filter(({ id }) => storedIds.has(id)),
  });
  const states: EngineState['status'][] = [];
  room.subscribe(() => {
    if (states.at(-1) !== room.state().status) states.push(room.state().status);
  });
  return { room, engine, settings, proposals, states, storedIds };
}

export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
}

export interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

export function deferred(): Deferred {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
