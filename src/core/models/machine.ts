/** What the GPU adapter says of itself. Numbers are the adapter's limits in bytes or counts, as WebGPU names them. */
export interface GpuProfile {
  /** Lower case, as WebGPU reports it: 'nvidia', 'apple', 'intel', 'amd', 'qualcomm', 'arm', '' when hidden. */
  readonly vendor: string;
  /** 'ampere', 'metal-3', 'gen-12lp' …, '' when hidden. */
  readonly architecture: string;
  /** A name for people, where the browser gives one. */
  readonly description?: string;
  /** Software rendering: correct, and slower than the CPU engine. */
  readonly isFallbackAdapter: boolean;
  readonly hasShaderF16: boolean;
  readonly maxBufferSizeBytes: number;
  readonly maxStorageBufferBindingSizeBytes: number;
  readonly maxComputeWorkgroupStorageSizeBytes: number;
  readonly maxComputeInvocationsPerWorkgroup: number;
  readonly maxStorageBuffersPerShaderStage: number;
}

export type BrowserFamily = 'chromium' | 'firefox' | 'safari' | 'other';
export type Platform = 'windows' | 'macos' | 'linux' | 'chromeos' | 'android' | 'ios' | 'other';

/** What a page can know of the machine it runs on. Read once at start; nothing in it identifies the user. */
export interface MachineProfile {
  /** Absent: no WebGPU, or no adapter. */
  readonly gpu?: GpuProfile;
  /** Logical cores; browsers may lower it. */
  readonly cores: number;
  /** Rounded and capped by the browser (8 there means 8 or more); Firefox and Safari do not say. */
  readonly deviceMemoryGiB?: number;
  readonly storage: {
    readonly quotaBytes?: number;
    readonly usageBytes?: number;
  };
  /** Cross-origin isolated: without it WebAssembly has one thread. */
  readonly isIsolated: boolean;
  readonly isMobile: boolean;
  readonly browser: BrowserFamily;
  readonly platform: Platform;
  /** A private file system for model files. */
  readonly hasOpfs: boolean;
  /** 64-bit WebAssembly memory: the CPU engine needs it. */
  readonly hasWasmMemory64: boolean;
  /** WebAssembly can wait for promises (JSPI): the GGUF engine's GPU path needs it. */
  readonly hasWasmJspi: boolean;
}

export const GIB = 2 ** 30;
const GB = 1e9;

export type GpuClass = 'discrete' | 'apple' | 'integrated' | 'mobile' | 'software' | 'none';

/** What kind of GPU this is: the web shows neither memory nor bandwidth, so its kind has to do. */
export function gpuClass(machine: MachineProfile): GpuClass {
  const { gpu } = machine;
  if (!gpu) return 'none';
  if (gpu.isFallbackAdapter) return 'software';
  if (machine.isMobile) return 'mobile';
  if (gpu.vendor === 'apple') return 'apple';
  if (gpu.vendor === 'nvidia') return 'discrete';
  if (gpu.vendor === 'intel' && /hpg/.test(gpu.architecture)) return 'discrete';
  return 'integrated';
}

/** A GPU that is worth using. */
export function hasRealGpu(machine: MachineProfile): boolean {
  const kind = gpuClass(machine);
  return kind !== 'none' && kind !== 'software';
}

/** Main memory in bytes: the browser's word, or a cautious guess where it says nothing. */
export function ramBytes(machine: MachineProfile): { readonly bytes: number; readonly isGuess: boolean } {
  if (machine.deviceMemoryGiB !== undefined) return { bytes: machine.deviceMemoryGiB * GIB, isGuess: false };
  return { bytes: (machine.isMobile ? 4 : 8) * GIB, isGuess: true };
}

/** Smallest memory that is common for a family: laptops of the same family have less than their desktop twins. */
const DISCRETE_GIB: Readonly<Record<string, number>> = {
  maxwell: 2,
  pascal: 3,
  volta: 8,
  turing: 4,
  ampere: 5,
  lovelace: 6.5,
  blackwell: 6.5,
};

/** Bytes a model may take on the GPU before the machine suffers. 0 without a real GPU. */
export function gpuBudgetBytes(machine: MachineProfile): number {
  const ram = ramBytes(machine).bytes;
  switch (gpuClass(machine)) {
    case 'discrete':
      return (DISCRETE_GIB[machine.gpu?.architecture ?? ''] ?? 4) * GIB;
    case 'apple':
      return ram * 0.6;
    case 'integrated':
      return ram * 0.4;
    case 'mobile':
      return ram * 0.3;
    default:
      return 0;
  }
}

/** One WebAssembly memory holds 4 GiB; the engine itself and its buffers want a share. */
const WASM_BUDGET_BYTES = 3.6 * GIB;

/** Bytes a model may take in WebAssembly memory. */
export function cpuBudgetBytes(machine: MachineProfile): number {
  const share = ramBytes(machine).bytes * (machine.isMobile ? 0.2 : 0.5);
  return Math.min(share, WASM_BUDGET_BYTES);
}

/** One engine thread fewer than cores, so that the page stays alive; one where threads are not to be had. */
export function engineThreads(machine: Pick<MachineProfile, 'cores' | 'isIsolated'>): number {
  return machine.isIsolated ? Math.max(1, Math.floor(machine.cores) - 1) : 1;
}

/** Bytes that can still be stored; undefined where the browser does not say. */
export function freeBytes(machine: MachineProfile): number | undefined {
  const { quotaBytes, usageBytes } = machine.storage;
  return quotaBytes === undefined ? undefined : Math.max(0, quotaBytes - (usageBytes ?? 0));
}

const VENDOR_NAMES: Readonly<Record<string, string>> = {
  nvidia: 'NVIDIA',
  amd: 'AMD',
  intel: 'Intel',
  apple: 'Apple',
  qualcomm: 'Qualcomm',
  arm: 'Arm',
  'img-tec': 'PowerVR',
  samsung: 'Samsung',
  microsoft: 'Microsoft',
  google: 'Google',
};

/** 'ampere' → 'Ampere', 'rdna-3' → 'RDNA 3', 'gen-12lp' → 'Gen 12lp'; Apple's 'metal-3' names an API, not a chip. */
function architectureName(architecture: string): string {
  if (/^metal|^common/i.test(architecture)) return '';
  return architecture
    .replace(/^(rdna|gcn|xe)/i, (family) => family.toUpperCase())
    .replaceAll('-', ' ')
    .replace(/^./, (c) => c.toUpperCase());
}

function gpuName(gpu: GpuProfile): string {
  if (gpu.description) return gpu.description;
  const vendor = VENDOR_NAMES[gpu.vendor] ?? '';
  const architecture = architectureName(gpu.architecture);
  if (vendor === '') return architecture === '' ? '' : `${architecture} GPU`;
  return architecture === '' ? `${vendor} GPU` : `${vendor} GPU (${architecture})`;
}

function bytesWords(bytes: number): string {
  if (bytes >= 10 * GB) return `${Math.round(bytes / GB)} GB`;
  if (bytes >= GB) return `${(bytes / GB).toFixed(1)} GB`;
  return `${Math.round(bytes / 1e6)} MB`;
}

export interface MachineWords {
  /** Which GPU, and whether it is used. */
  readonly gpu: string;
  readonly memory: string;
  readonly cores: string;
  readonly storage: string;
  /** What follows from it, in one sentence. */
  readonly verdict: string;
}

function gpuWords(machine: MachineProfile): string {
  const { gpu } = machine;
  if (!gpu) return 'No GPU that a web page can use';
  if (gpu.isFallbackAdapter) return 'Software GPU only: the CPU is faster';
  const name = gpuName(gpu);
  const f16 = gpu.hasShaderF16 ? '' : ', without 16-bit shaders';
  return name === '' ? `A GPU that the browser does not name${f16}` : `${name}${f16}`;
}

function memoryWords(machine: MachineProfile): string {
  const gib = machine.deviceMemoryGiB;
  if (gib === undefined) return 'Memory: this browser does not say';
  return `${gib} GB memory${gib >= 8 ? ' or more' : ''}`;
}

function verdictWords(machine: MachineProfile): string {
  if (hasRealGpu(machine)) {
    return `Models up to about ${bytesWords(gpuBudgetBytes(machine))} can run on the GPU.`;
  }
  if (!machine.hasWasmMemory64)
    return 'This browser can run no chat model of ours: it has neither a GPU nor 64-bit WebAssembly.';
  return `Models run on the CPU: up to about ${bytesWords(cpuBudgetBytes(machine))}, best under 1 GB.`;
}

/** The machine in plain words, for the Models screen and the first visit. */
export function describeMachine(machine: MachineProfile): MachineWords {
  const threads = engineThreads(machine);
  const free = freeBytes(machine);
  return {
    gpu: gpuWords(machine),
    memory: memoryWords(machine),
    cores: `${machine.cores} ${machine.cores === 1 ? 'core' : 'cores'}, ${threads} for the model${
      machine.isIsolated || machine.cores === 1 ? '' : ' (the page is not isolated)'
    }`,
    storage:
      free === undefined ? 'Free space: this browser does not say' : `${bytesWords(free)} free for models`,
    verdict: verdictWords(machine),
  };
}
