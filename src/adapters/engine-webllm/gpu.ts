import type { ModelSpec } from '#core/ports/model.ts';
import { AppError } from '#shared/errors.ts';

export interface Gpu {
  /** For people: 'WebGPU, nvidia ampere'. */
  readonly label: string;
  /** Computed in software: correct, and slow. */
  readonly isSoftware: boolean;
}

/** Errors: capability/webgpu-missing, also for a GPU that lacks what the model's kernels need. */
export async function requireGpu(model: ModelSpec): Promise<Gpu> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter)
    throw new AppError(
      'capability/webgpu-missing',
      `${model.label} runs on WebGPU only, and this browser offers no graphics processor. Choose a model for the CPU.`,
    );
  if (model.needs.shaderF16 && !adapter.features.has('shader-f16')) {
    const twin = model.id.replace(/(q\d+)f16/, '$1f32');
    throw new AppError(
      'capability/webgpu-missing',
      twin === model.id
        ? `${model.label} needs 16-bit shaders (shader-f16), which this graphics processor does not have. Choose another model.`
        : `${model.label} needs 16-bit shaders (shader-f16), which this graphics processor does not have. Choose its 32-bit variant, ${twin}.`,
      { details: { feature: 'shader-f16', ...(twin === model.id ? {} : { twin }) } },
    );
  }
  const { vendor, architecture, isFallbackAdapter } = adapter.info;
  const name = [vendor, architecture].filter((part) => part !== '').join(' ');
  const place = isFallbackAdapter ? 'WebGPU in software' : 'WebGPU';
  return { label: name === '' ? place : `${place}, ${name}`, isSoftware: isFallbackAdapter };
}

export interface WatchedDevice {
  /** Rejects with model/device-lost; details.reason is 'destroyed' where the library found no memory and gave it up. */
  readonly lost: Promise<never>;
  /** The first error that the GPU reported and nobody asked for: what was computed since cannot be trusted. */
  error(): GPUError | undefined;
  /** Frees all that the device holds. */
  destroy(): void;
}

/**
 * Runs `work` and watches the one device that it asks for; rejects when that is lost meanwhile. The library reports GPU
 * errors to the console only, and takes itself apart in the middle of a call when its device is lost: so it is shown
 * neither, and this adapter acts on both.
 */
export async function withWatchedDevice<T>(
  onDevice: (device: WatchedDevice) => void,
  work: () => Promise<T>,
): Promise<T> {
  const prototype = GPUAdapter.prototype;
  const requestDevice = prototype.requestDevice;
  let foundDevice: (device: WatchedDevice) => void = () => {};
  const lost = new Promise<WatchedDevice>((resolve) => {
    foundDevice = resolve;
  }).then((device) => device.lost);
  prototype.requestDevice = async function (this: GPUAdapter, descriptor) {
    const device = watch(await requestDevice.call(this, descriptor));
    onDevice(device.watched);
    foundDevice(device.watched);
    return device.device;
  };
  try {
    return await Promise.race([work(), lost]);
  } finally {
    prototype.requestDevice = requestDevice;
  }
}

function watch(device: GPUDevice): { readonly device: GPUDevice; readonly watched: WatchedDevice } {
  const { lost: reallyLost } = device;
  let error: GPUError | undefined;
  let isOurs = false;
  device.addEventListener('uncapturederror', (event) => {
    event.stopImmediatePropagation();
    event.preventDefault();
    error ??= event.error;
  });
  const lost = reallyLost.then((info): never | Promise<never> => {
    if (isOurs) return new Promise<never>(() => {});
    throw new AppError(
      'model/device-lost',
      'The graphics processor was reset or taken away. Load the model again.',
      { details: { reason: info.reason, message: info.message } },
    );
  });
  lost.catch(() => {}); // nobody may be waiting when it happens
  Object.defineProperty(device, 'lost', { value: new Promise(() => {}) });
  const watched: WatchedDevice = {
    lost,
    error: () => error,
    destroy() {
      isOurs = true;
      device.destroy();
    },
  };
  return { device, watched };
}
