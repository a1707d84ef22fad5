import { type InferenceSession, Tensor } from 'onnxruntime-web/webgpu';
import { AppError } from '#shared/errors.ts';
import { isGpuBetter, type Measured } from './gpu-choice.ts';
import { fromHalf, toHalf } from './half.ts';
import { quantizesByBatch } from './quantizes-by-batch.ts';
import { configureRuntime, hasRealGpu, openInference, type SessionFiles } from './runtime.ts';

/** One half of an image-text model. */
export interface Tower {
  readonly runsOn: 'webgpu' | 'wasm';
  readonly dimension: number;
  /** Activations are quantized by the range of the whole batch: a vector would depend on its neighbours. */
  readonly dependsOnBatch: boolean;
  /** Writes the L2-normalised vectors of one batch to the places of its rows. */
  run(batch: TowerBatch, target: Float32Array): Promise<void>;
  release(): Promise<void>;
}

/** The inputs of one batch; those that a model does not know are left out. */
export interface TowerBatch {
  /** Places in the request. */
  readonly rows: readonly number[];
  readonly inputs: Readonly<Record<string, TowerInput>>;
}

interface TowerInput {
  readonly data: Float32Array | BigInt64Array;
  /** Behind the count. */
  readonly shape: readonly number[];
}

export interface TowerRequest {
  readonly files: Pick<SessionFiles, 'model' | 'external'>;
  readonly label: string;
  readonly probe: TowerBatch;
  readonly device: 'gpu' | 'cpu';
  readonly threads: number;
}

const OUTPUTS = ['image_embeds', 'text_embeds', 'pooler_output'];

/** The GPU, where it is asked for, real, agrees with the CPU and is faster; else the CPU. */
export async function openTower(request: TowerRequest): Promise<Tower> {
  const { files, device, threads, probe, label } = request;
  const wantsGpu = device === 'gpu' && (await hasRealGpu());
  const build = configureRuntime(wantsGpu ? 'gpu' : 'cpu', threads);
  const dependsOnBatch = quantizesByBatch(files.model);
  const cpu = await openInference(files, 'wasm');
  const onCpu = await measure(cpu, probe, label).catch(async (error) => {
    await cpu.release();
    throw error;
  });
  const asTower = (session: InferenceSession, runsOn: Tower['runsOn']): Tower => ({
    runsOn,
    dimension: onCpu.dimension,
    dependsOnBatch,
    run: async (batch, target) => writeRows(await runSession(session, batch), batch.rows, target, label),
    release: () => session.release(),
  });
  if (!wantsGpu || build === 'cpu') return asTower(cpu, 'wasm');
  const gpu = await openInference(files, 'webgpu').catch(() => undefined); // an operator that this GPU lacks
  const onGpu = gpu && (await measure(gpu, probe, label).catch(() => undefined));
  if (gpu !== undefined && onGpu !== undefined && isGpuBetter(onGpu, onCpu)) {
    await cpu.release();
    return asTower(gpu, 'webgpu');
  }
  return asTower(cpu, 'wasm'); // releasing the GPU's could take the device along
}

async function measure(session: InferenceSession, probe: TowerBatch, label: string): Promise<Measured> {
  await runSession(session, probe); // compiles
  const startedAt = performance.now();
  const rows = await runSession(session, probe);
  const durationMs = performance.now() - startedAt;
  const vectors = new Float32Array(rows.data.length);
  writeRows(rows, probe.rows, vectors, label);
  return { vectors, dimension: rows.dimension, durationMs };
}

interface Rows {
  readonly data: Float32Array;
  readonly dimension: number;
}

async function runSession(session: InferenceSession, { rows, inputs }: TowerBatch): Promise<Rows> {
  const count = rows.length;
  const feeds: Record<string, Tensor> = {};
  for (const [at, name] of session.inputNames.entries()) {
    const input = inputs[name];
    if (input === undefined)
      throw new AppError('input/unsupported', `This model asks for “${name}”, which is not known here.`);
    const metadata = session.inputMetadata[at];
    feeds[name] = tensorOf(input, count, metadata?.isTensor ? metadata.type : undefined);
  }
  const outputs = await session.run(feeds);
  const output = outputs[OUTPUTS.find((name) => name in outputs) ?? session.outputNames[0] ?? ''];
  const dimension = output?.dims[1];
  if (output === undefined || dimension === undefined || output.dims.length !== 2 || output.dims[0] !== count)
    throw new AppError('input/unsupported', 'This model does not give one vector for a picture or a text.');
  const raw = await output.getData();
  if (output.type !== 'float16') return { data: raw as Float32Array, dimension };
  const { buffer, byteOffset, length } = raw as Uint16Array;
  return { data: Float32Array.from(new Uint16Array(buffer, byteOffset, length), fromHalf), dimension };
}

function tensorOf({ data, shape }: TowerInput, count: number, type: Tensor.Type | undefined): Tensor {
  const dims = [count, ...shape];
  if (data instanceof BigInt64Array) return new Tensor('int64', data, dims);
  return type === 'float16'
    ? new Tensor('float16', Uint16Array.from(data, toHalf), dims)
    : new Tensor('float32', data, dims);
}

/** A row that is no direction (NaN, infinite, zero) is refused with its place in the request. */
function writeRows(
  { data, dimension }: Rows,
  rows: readonly number[],
  target: Float32Array,
  label: string,
): void {
  for (const [at, row] of rows.entries()) {
    const from = at * dimension;
    let sum = 0;
    for (let d = 0; d < dimension; d++) sum += (data[from + d] ?? 0) ** 2;
    const norm = Math.sqrt(sum);
    if (!(norm > 0 && norm < Number.POSITIVE_INFINITY))
      throw new AppError(
        'model/integrity',
        `${label} gave no numbers. Delete the model and download it again.`,
        {
          details: { row },
        },
      );
    for (let d = 0; d < dimension; d++) target[row * dimension + d] = (data[from + d] ?? 0) / norm;
  }
}
