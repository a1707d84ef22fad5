import type { LoadRequest } from '#core/ports/chat-engine.ts';
import { AppError } from '#shared/errors.ts';
import { configureRuntime, hasRealGpu, runtimeThreads } from './runtime.ts';

export interface ChatPlace {
  readonly runsOn: 'webgpu' | 'wasm';
  readonly threads: number;
  readonly label: string;
}

/**
 * Starts the runtime where the model is to run. Errors: capability/webgpu-missing; worker/crashed where this thread has
 * started without the GPU and has to start anew.
 */
export async function choosePlace({ device, model, threads }: LoadRequest): Promise<ChatPlace> {
  if (device === 'cpu') {
    // With the build for GPUs where there is one: a later load may want it, and a thread starts only one.
    configureRuntime((await hasRealGpu()) ? 'gpu' : 'cpu', threads);
    const used = runtimeThreads();
    return { runsOn: 'wasm', threads: used, label: `WASM, ${used} ${used === 1 ? 'thread' : 'threads'}` };
  }
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter)
    throw new AppError(
      'capability/webgpu-missing',
      'This browser offers no graphics processor. Run the model on the CPU.',
    );
  if (model.needs.shaderF16 && !adapter.features.has('shader-f16'))
    throw new AppError(
      'capability/webgpu-missing',
      `${model.label} needs 16-bit shaders (shader-f16), which this graphics processor does not have. Run it on the CPU, or choose another model.`,
      { details: { feature: 'shader-f16' } },
    );
  if (configureRuntime('gpu', threads) === 'cpu')
    throw new AppError(
      'worker/crashed',
      'The engine runs without the graphics processor and starts anew for it. Load the model again.',
    );
  const { vendor, architecture, isFallbackAdapter } = adapter.info;
  const name = [vendor, architecture].filter((part) => part !== '').join(' ');
  const kind = isFallbackAdapter ? 'WebGPU in software' : 'WebGPU';
  return { runsOn: 'webgpu', threads: runtimeThreads(), label: name === '' ? kind : `${kind}, ${name}` };
}
