import type { BrowserFamily, GpuProfile, MachineProfile, Platform } from '#core/models/index.ts';

/** Chromium's user agent client hints; not in TypeScript's DOM library. */
interface UserAgentData {
  readonly mobile: boolean;
  readonly platform: string;
  readonly brands: readonly { readonly brand: string }[];
}

type NavigatorHints = Navigator & { readonly deviceMemory?: number; readonly userAgentData?: UserAgentData };

/** An adapter is asked for and let go; no device is made, so nothing is kept. */
async function readGpu(): Promise<GpuProfile | undefined> {
  // Absent without WebGPU and outside secure contexts, whatever the type says.
  const gpu: GPU | undefined = navigator.gpu;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) return undefined;
  const { info, limits } = adapter;
  return {
    vendor: info.vendor.toLowerCase(),
    architecture: info.architecture.toLowerCase(),
    ...(info.description === '' ? {} : { description: info.description }),
    isFallbackAdapter: isFallback(adapter),
    hasShaderF16: adapter.features.has('shader-f16'),
    maxBufferSizeBytes: limits.maxBufferSize,
    maxStorageBufferBindingSizeBytes: limits.maxStorageBufferBindingSize,
    maxComputeWorkgroupStorageSizeBytes: limits.maxComputeWorkgroupStorageSize,
    maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
  };
}

/** The flag moved from the adapter to its info; a software renderer that does not set it is known by name. */
function isFallback(adapter: GPUAdapter): boolean {
  const older = adapter as GPUAdapter & { readonly isFallbackAdapter?: boolean };
  const { isFallbackAdapter, architecture, description } = adapter.info;
  return (
    (isFallbackAdapter || older.isFallbackAdapter) ??
    /swiftshader|llvmpipe|lavapipe|basic render/i.test(`${architecture} ${description}`)
  );
}

function readBrowser(userAgent: string, hints: UserAgentData | undefined): BrowserFamily {
  if (hints?.brands.some(({ brand }) => brand === 'Chromium')) return 'chromium';
  if (/firefox|fxios/i.test(userAgent)) return /fxios/i.test(userAgent) ? 'safari' : 'firefox';
  if (/chrome|chromium|crios/i.test(userAgent)) return /crios/i.test(userAgent) ? 'safari' : 'chromium';
  return /safari/i.test(userAgent) ? 'safari' : 'other';
}

function readPlatform(userAgent: string, touchPoints: number): Platform {
  if (/android/i.test(userAgent)) return 'android';
  // An iPad calls itself a Mac; no Mac has a touch screen.
  if (/iphone|ipad|ipod/i.test(userAgent) || (/macintosh/i.test(userAgent) && touchPoints > 1)) return 'ios';
  if (/macintosh|mac os/i.test(userAgent)) return 'macos';
  if (/cros/i.test(userAgent)) return 'chromeos';
  if (/windows/i.test(userAgent)) return 'windows';
  return /linux|x11/i.test(userAgent) ? 'linux' : 'other';
}

/** Asks WebAssembly for a memory with 64-bit addresses: one page, freed at once. */
function hasMemory64(): boolean {
  try {
    const descriptor = { address: 'i64', initial: 1n, maximum: 1n };
    Reflect.construct(WebAssembly.Memory, [descriptor]);
    return true;
  } catch {
    return false;
  }
}

async function readStorage(): Promise<MachineProfile['storage']> {
  const estimate = await navigator.storage?.estimate?.().catch(() => undefined);
  return {
    ...(estimate?.quota === undefined ? {} : { quotaBytes: estimate.quota }),
    ...(estimate?.usage === undefined ? {} : { usageBytes: estimate.usage }),
  };
}

async function hasPrivateFiles(): Promise<boolean> {
  try {
    await navigator.storage.getDirectory();
    return true;
  } catch {
    return false;
  }
}

/** What this page can know of the machine. Never rejects: what a browser hides is left out. */
export async function readMachine(): Promise<MachineProfile> {
  const hints: NavigatorHints = navigator;
  const { userAgent, maxTouchPoints } = navigator;
  const [gpu, storage, hasOpfs] = await Promise.all([readGpu(), readStorage(), hasPrivateFiles()]);
  const platform = readPlatform(userAgent, maxTouchPoints);
  return {
    ...(gpu ? { gpu } : {}),
    cores: navigator.hardwareConcurrency || 1,
    ...(hints.deviceMemory === undefined ? {} : { deviceMemoryGiB: hints.deviceMemory }),
    storage,
    isIsolated: globalThis.crossOriginIsolated === true,
    isMobile: hints.userAgentData?.mobile ?? (platform === 'android' || platform === 'ios'),
    browser: readBrowser(userAgent, hints.userAgentData),
    platform,
    hasOpfs,
    hasWasmMemory64: hasMemory64(),
    hasWasmJspi: 'Suspending' in WebAssembly,
  };
}
