import { GIB, type GpuProfile, type MachineProfile } from './machine.ts';

const MIB = 2 ** 20;

function gpu(vendor: string, architecture: string, more: Partial<GpuProfile> = {}): GpuProfile {
  return {
    vendor,
    architecture,
    isFallbackAdapter: false,
    hasShaderF16: true,
    maxBufferSizeBytes: 4 * GIB,
    maxStorageBufferBindingSizeBytes: 2 * GIB,
    maxComputeWorkgroupStorageSizeBytes: 32_768,
    maxComputeInvocationsPerWorkgroup: 1024,
    maxStorageBuffersPerShaderStage: 10,
    ...more,
  };
}

/** A desktop Chromium on an isolated page, no GPU: what the records below differ from. */
const base: MachineProfile = {
  cores: 8,
  deviceMemoryGiB: 8,
  storage: { quotaBytes: 120e9, usageBytes: 0.2e9 },
  isIsolated: true,
  isMobile: false,
  browser: 'chromium',
  platform: 'windows',
  hasOpfs: true,
  hasWasmMemory64: true,
  hasWasmJspi: true,
};

const chromium = (more: Partial<MachineProfile>): MachineProfile => ({ ...base, ...more });

function without<K extends keyof MachineProfile>(machine: MachineProfile, key: K): Omit<MachineProfile, K> {
  const { [key]: _, ...rest } = machine;
  return rest;
}

/** Firefox and Safari state no device memory. */
const silent = (more: Partial<MachineProfile>): MachineProfile => without(chromium(more), 'deviceMemoryGiB');
const firefox = (more: Partial<MachineProfile>): MachineProfile =>
  silent({ browser: 'firefox', hasWasmJspi: false, ...more });
const safari = (more: Partial<MachineProfile>): MachineProfile =>
  silent({ browser: 'safari', platform: 'macos', hasWasmJspi: false, hasWasmMemory64: false, ...more });
const phone = (more: Partial<MachineProfile>): MachineProfile =>
  chromium({
    platform: 'android',
    isMobile: true,
    storage: { quotaBytes: 30e9, usageBytes: 0.1e9 },
    ...more,
  });

const mobileGpu = (vendor: string, architecture: string, more: Partial<GpuProfile> = {}): GpuProfile =>
  gpu(vendor, architecture, {
    maxBufferSizeBytes: GIB,
    maxStorageBufferBindingSizeBytes: 512 * MIB,
    ...more,
  });

const appleGpu = (more: Partial<GpuProfile> = {}): GpuProfile => gpu('apple', 'metal-3', more);

export const RECORDED: readonly (readonly [string, MachineProfile])[] = [
  [
    'NVIDIA RTX 4070 desktop, Chrome',
    chromium({ gpu: gpu('nvidia', 'lovelace'), cores: 16, deviceMemoryGiB: 32 }),
  ],
  ['NVIDIA RTX 3060 laptop, Chrome', chromium({ gpu: gpu('nvidia', 'ampere'), cores: 12 })],
  ['NVIDIA GTX 1650 laptop, Edge', chromium({ gpu: gpu('nvidia', 'turing'), cores: 8 })],
  [
    'NVIDIA GTX 1060, no shader-f16',
    chromium({ gpu: gpu('nvidia', 'pascal', { hasShaderF16: false }), cores: 8 }),
  ],
  ['AMD RX 7800 desktop, Chrome', chromium({ gpu: gpu('amd', 'rdna-3'), cores: 16, deviceMemoryGiB: 16 })],
  ['AMD Ryzen laptop, Radeon 680M', chromium({ gpu: gpu('amd', 'rdna-2'), cores: 16 })],
  ['Intel Iris Xe laptop, 8 GB', chromium({ gpu: gpu('intel', 'gen-12lp'), cores: 8 })],
  [
    'Intel UHD 620 laptop, 4 GB',
    chromium({ gpu: gpu('intel', 'gen-9', { hasShaderF16: false }), cores: 8, deviceMemoryGiB: 4 }),
  ],
  ['Intel Arc A770 desktop', chromium({ gpu: gpu('intel', 'xe-hpg'), cores: 16, deviceMemoryGiB: 16 })],
  [
    'Snapdragon X Elite laptop',
    chromium({ gpu: gpu('qualcomm', 'adreno-7xx'), cores: 12, deviceMemoryGiB: 16 }),
  ],
  ['MacBook Air M1, 8 GB, Chrome', chromium({ gpu: appleGpu(), platform: 'macos', cores: 8 })],
  [
    'MacBook Pro M2, 16 GB, Chrome',
    chromium({ gpu: appleGpu(), platform: 'macos', cores: 10, deviceMemoryGiB: 16 }),
  ],
  [
    'MacBook Pro M3 Max, Chrome',
    chromium({ gpu: appleGpu(), platform: 'macos', cores: 14, deviceMemoryGiB: 32 }),
  ],
  ['Mac mini M4, Safari 26', safari({ gpu: appleGpu(), cores: 10 })],
  ['MacBook M2, old Safari without WebGPU', safari({ cores: 8 })],
  ['Windows laptop, Firefox with WebGPU', firefox({ gpu: gpu('nvidia', ''), cores: 12 })],
  ['Linux laptop, Firefox without WebGPU', firefox({ platform: 'linux', cores: 8 })],
  ['Office PC without a GPU, 4 cores', chromium({ cores: 4 })],
  ['Workstation without a GPU, 32 cores', chromium({ cores: 32, deviceMemoryGiB: 32, platform: 'linux' })],
  ['Old laptop, 2 cores, 2 GB', chromium({ cores: 2, deviceMemoryGiB: 2 })],
  [
    'Build machine: SwiftShader, 2 cores',
    chromium({
      gpu: gpu('google', 'swiftshader', {
        isFallbackAdapter: true,
        hasShaderF16: false,
        maxComputeInvocationsPerWorkgroup: 256,
      }),
      cores: 2,
      platform: 'linux',
    }),
  ],
  ['Page in a frame, not isolated', chromium({ cores: 8, isIsolated: false })],
  [
    'Laptop with a full disk',
    chromium({ gpu: gpu('intel', 'gen-12lp'), storage: { quotaBytes: 400e6, usageBytes: 150e6 } }),
  ],
  [
    'Chromebook, 4 GB',
    chromium({
      gpu: gpu('intel', 'gen-11'),
      platform: 'chromeos',
      cores: 4,
      deviceMemoryGiB: 4,
      storage: { quotaBytes: 20e9, usageBytes: 1e9 },
    }),
  ],
  ['Galaxy S23, Chrome', phone({ gpu: mobileGpu('qualcomm', 'adreno-7xx'), cores: 8, deviceMemoryGiB: 8 })],
  ['Pixel 6, Chrome', phone({ gpu: mobileGpu('arm', 'valhall'), cores: 8, deviceMemoryGiB: 8 })],
  ['Cheap Android, 2 GB, no WebGPU', phone({ cores: 8, deviceMemoryGiB: 2 })],
  [
    'iPhone 15, Safari 26',
    safari({
      gpu: mobileGpu('apple', ''),
      platform: 'ios',
      isMobile: true,
      cores: 4,
      storage: { quotaBytes: 40e9, usageBytes: 0 },
    }),
  ],
  [
    'iPad Air M1, Safari 26',
    safari({
      gpu: mobileGpu('apple', ''),
      platform: 'ios',
      isMobile: true,
      cores: 8,
      storage: { quotaBytes: 60e9, usageBytes: 0 },
    }),
  ],
  ['Browser without a private file system', chromium({ gpu: gpu('nvidia', 'ampere'), hasOpfs: false })],
];
