import type { ModelSpec } from '#core/ports/model.ts';
import {
  cpuBudgetBytes,
  engineThreads,
  freeBytes,
  GIB,
  gpuBudgetBytes,
  gpuClass,
  hasRealGpu,
  type MachineProfile,
  ramBytes,
} from './machine.ts';
import { downloadEstimate, residentBytes, weightBytes } from './model-size.ts';

/** Tokens a second while writing: fast ≥ 20, fine ≥ 6 (about reading speed), slow ≥ 2.5, else very slow. */
export type SpeedClass = 'fast' | 'fine' | 'slow' | 'very slow';

/** What this machine makes of one model: how it would be loaded, and whether that is a good idea. */
export interface FitPlan {
  readonly fits: 'yes' | 'tight' | 'no';
  /** 'cpu' also for a server: nothing of it is computed here. */
  readonly device: 'gpu' | 'cpu';
  readonly threads: number;
  /** KV cache size to load with, in tokens. */
  readonly contextTokens: number;
  /** Resident memory with that context. An estimate. */
  readonly memoryBytes: number;
  /** Bytes to download; absent if unknown. */
  readonly downloadBytes?: number;
  readonly isDownloadEstimate: boolean;
  /** False: the free space is too small. Unknown sizes and unknown space count as fitting. */
  readonly downloadFits: boolean;
  /** Absent for a server: its speed is its own. */
  readonly speedClass?: SpeedClass;
  /** Rough expectation behind the class, for ordering and tooltips; never shown as a measurement. */
  readonly expectedTokensPerSecond: number;
  /** False where loading cannot work at all; true: the user may try it against the advice. */
  readonly canForce: boolean;
  /** Why, in words for the card; the deciding one first. Empty if there is nothing to say. */
  readonly reasons: readonly string[];
}

export interface FitOptions {
  /** Wanted context; the planner chooses one without it. */
  readonly contextTokens?: number;
  readonly device?: 'gpu' | 'cpu';
  /** Its files are here already: no space is needed. */
  readonly isStored?: boolean;
}

/** A file above this cannot be read by the GGUF engine (32-bit file offsets). */
const GGUF_FILE_LIMIT_BYTES = 2 * GIB;

/** Effective memory bandwidth for decoding, bytes a second, by kind of GPU. Cautious middle of the family. */
const GPU_BYTES_PER_SECOND = {
  discrete: 160e9,
  apple: 55e9,
  integrated: 24e9,
  mobile: 12e9,
  software: 0.15e9,
  none: 0,
};

/** Seen with wllama on two cores: 2.2 GB/s a thread for k-quants; Q4_1 and its kin have no fast kernel (0.35 of it). */
const CPU_BYTES_PER_SECOND_PER_THREAD = 2.2e9;
const CPU_BYTES_PER_SECOND_CEILING = { desktop: 13e9, mobile: 5e9 };
const SLOW_KERNEL_FACTOR = 0.35;

function tokensPerSecond(
  model: ModelSpec,
  machine: MachineProfile,
  device: 'gpu' | 'cpu',
  threads: number,
): number {
  const bytes = Math.max(weightBytes(model), 1e6);
  if (device === 'gpu') {
    const dispatchSeconds = gpuClass(machine) === 'mobile' ? 0.02 : 0.008;
    return 1 / (bytes / Math.max(GPU_BYTES_PER_SECOND[gpuClass(machine)], 1) + dispatchSeconds);
  }
  const factor = /^q[45]_1$/i.test(model.quantization) ? SLOW_KERNEL_FACTOR : 1;
  const perThread = CPU_BYTES_PER_SECOND_PER_THREAD * (machine.isMobile ? 0.6 : 1) * factor;
  const ceiling = machine.isMobile
    ? CPU_BYTES_PER_SECOND_CEILING.mobile
    : CPU_BYTES_PER_SECOND_CEILING.desktop;
  return Math.min(perThread * threads, ceiling * factor) / bytes;
}

function speedClassOf(rate: number): SpeedClass {
  if (rate >= 20) return 'fast';
  if (rate >= 6) return 'fine';
  return rate >= 2.5 ? 'slow' : 'very slow';
}

interface Obstacle {
  readonly words: string;
  readonly canForce: boolean;
}

/** What keeps a GPU model from running here, whatever its size. Limits are those web-llm 0.2.86 asks its device for. */
function gpuObstacle(model: ModelSpec, machine: MachineProfile): Obstacle | undefined {
  const { gpu } = machine;
  if (!gpu) return { words: 'Needs a GPU, and this browser offers none.', canForce: false };
  if (model.needs.shaderF16 && !gpu.hasShaderF16) {
    return { words: 'Needs 16-bit shaders, which this GPU lacks. Take the q4f32 version.', canForce: false };
  }
  if (model.engine === 'webllm') {
    if (gpu.maxComputeWorkgroupStorageSizeBytes < 32_768 || gpu.maxStorageBuffersPerShaderStage < 10) {
      return { words: 'This GPU’s limits are below what the GPU engine asks for.', canForce: false };
    }
    if (gpu.maxBufferSizeBytes < 2 ** 28 || gpu.maxStorageBufferBindingSizeBytes < 2 ** 27) {
      return { words: 'This GPU’s buffers are too small for the GPU engine.', canForce: false };
    }
  }
  if (gpu.isFallbackAdapter) {
    return { words: 'Only a software GPU here: slower than the CPU engine (WASM).', canForce: true };
  }
  return undefined;
}

function cpuObstacle(model: ModelSpec, machine: MachineProfile): Obstacle | undefined {
  if (model.engine !== 'wllama') return undefined;
  if (!machine.hasWasmMemory64) {
    return {
      words: 'This browser lacks 64-bit WebAssembly memory, which the CPU engine needs.',
      canForce: false,
    };
  }
  const tooLarge = model.files.find((file) => (file.sizeBytes ?? 0) > GGUF_FILE_LIMIT_BYTES);
  if (tooLarge)
    return {
      words: `${tooLarge.path} is over 2 GB: the engine reads only split files of that size.`,
      canForce: false,
    };
  return undefined;
}

function chooseDevice(
  model: ModelSpec,
  machine: MachineProfile,
  wanted: 'gpu' | 'cpu' | undefined,
): 'gpu' | 'cpu' {
  if (model.engine === 'openai') return 'cpu';
  if (model.needs.gpu === 'required') return 'gpu';
  if (wanted !== undefined) return wanted;
  const canUseGpu = hasRealGpu(machine) && (model.engine !== 'wllama' || machine.hasWasmJspi);
  return model.needs.gpu === 'optional' && canUseGpu ? 'gpu' : 'cpu';
}

/** Context sizes worth offering for a model, in tokens, ascending; the model's own maximum is the last. */
export function contextChoices(model: ModelSpec): readonly number[] {
  const steps = [1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072].filter(
    (tokens) => tokens < model.contextTokens,
  );
  return [...steps, model.contextTokens];
}

function preferredContexts(
  model: ModelSpec,
  machine: MachineProfile,
  device: 'gpu' | 'cpu',
): readonly number[] {
  const largest = machine.isMobile ? 2048 : device === 'gpu' ? 8192 : 4096;
  const choices = contextChoices(model).filter((tokens) => tokens <= largest);
  return choices.length === 0 ? [model.contextTokens] : choices.reverse();
}

function budgetBytes(machine: MachineProfile, device: 'gpu' | 'cpu'): number {
  if (device === 'cpu') return cpuBudgetBytes(machine);
  // A software GPU computes in main memory.
  return hasRealGpu(machine) ? gpuBudgetBytes(machine) : ramBytes(machine).bytes * 0.5;
}

function chooseContext(
  model: ModelSpec,
  machine: MachineProfile,
  device: 'gpu' | 'cpu',
  wanted?: number,
): number {
  if (wanted !== undefined) return Math.min(Math.max(1, Math.floor(wanted)), model.contextTokens);
  const budget = budgetBytes(machine, device);
  const contexts = preferredContexts(model, machine, device);
  return (
    contexts.find((tokens) => residentBytes(model, tokens) <= budget) ??
    contexts.at(-1) ??
    model.contextTokens
  );
}

const words = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;

function memoryVerdict(
  needed: number,
  budget: number,
  device: 'gpu' | 'cpu',
): { fits: FitPlan['fits']; reason?: string } {
  if (needed <= budget) return { fits: 'yes' };
  const where = device === 'gpu' ? 'the GPU' : 'a page';
  if (needed <= budget * 1.35) {
    return {
      fits: 'tight',
      reason: `Wants ${words(needed)}; about ${words(budget)} are safe on ${where}. Close other tabs first.`,
    };
  }
  return { fits: 'no', reason: `Wants ${words(needed)}; about ${words(budget)} are safe on ${where}.` };
}

function remotePlan(model: ModelSpec, options: FitOptions): FitPlan {
  return {
    fits: 'yes',
    device: 'cpu',
    threads: 1,
    contextTokens: Math.min(options.contextTokens ?? model.contextTokens, model.contextTokens),
    memoryBytes: 0,
    isDownloadEstimate: false,
    downloadFits: true,
    expectedTokensPerSecond: 0,
    canForce: true,
    reasons: ['Runs on a server: what you write leaves this device.'],
  };
}

function downloadPart(
  model: ModelSpec,
  machine: MachineProfile,
  isStored: boolean,
): Pick<FitPlan, 'downloadBytes' | 'isDownloadEstimate' | 'downloadFits'> & { readonly reason?: string } {
  const estimate = downloadEstimate(model);
  const size = {
    isDownloadEstimate: estimate?.isEstimate ?? false,
    ...(estimate ? { downloadBytes: estimate.bytes } : {}),
  };
  if (isStored) return { ...size, downloadFits: true };
  if (!machine.hasOpfs) {
    return {
      ...size,
      downloadFits: false,
      reason: 'This browser has no private file system to keep models in.',
    };
  }
  const free = freeBytes(machine);
  if (!estimate || free === undefined || estimate.bytes * 1.02 <= free)
    return { ...size, downloadFits: true };
  return {
    ...size,
    downloadFits: false,
    reason: `Needs ${words(estimate.bytes)} of space; ${words(free)} are free. Delete a model or documents first.`,
  };
}

/**
 * Decides how a model would be loaded on a machine, and says why it fits or not. Pure: the same profile gives the same
 * plan. A software GPU never counts as a GPU; a model that needs one can then be forced, not recommended.
 */
export function planFit(model: ModelSpec, machine: MachineProfile, options: FitOptions = {}): FitPlan {
  if (model.engine === 'openai') return remotePlan(model, options);
  const device = chooseDevice(model, machine, options.device);
  const threads = engineThreads(machine);
  const contextTokens = chooseContext(model, machine, device, options.contextTokens);
  const memoryBytes = residentBytes(model, contextTokens);
  const obstacle = device === 'gpu' ? gpuObstacle(model, machine) : cpuObstacle(model, machine);
  const memory = memoryVerdict(memoryBytes, budgetBytes(machine, device), device);
  const { reason: spaceReason, ...download } = downloadPart(model, machine, options.isStored ?? false);
  const rate = tokensPerSecond(model, machine, device, threads);
  const reasons = [obstacle?.words, memory.reason, spaceReason].filter((reason) => reason !== undefined);
  if (!obstacle && device === 'cpu' && !machine.isIsolated && machine.cores > 1) {
    reasons.push('One thread only: this page is not isolated from others.');
  }
  return {
    fits: obstacle ? 'no' : memory.fits,
    device,
    threads,
    contextTokens,
    memoryBytes,
    ...download,
    ...(model.task === 'chat' ? { speedClass: speedClassOf(rate) } : {}),
    expectedTokensPerSecond: rate,
    canForce: obstacle?.canForce ?? true,
    reasons,
  };
}
