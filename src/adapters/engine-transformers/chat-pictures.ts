import { type PreTrainedTokenizer, type Processor, RawImage, Tensor } from '@huggingface/transformers';
import type { Tensor as OrtTensor } from 'onnxruntime-web/webgpu';
import { unreadablePicture } from '#core/models/index.ts';
import type { PromptImage } from '#core/ports/chat-engine.ts';
import { sha256Of } from './fingerprint.ts';

/** A picture as a prompt has it. */
export interface PromptPicture {
  /** Of its bytes: the same picture is the same part of a prompt. */
  readonly key: string;
  readonly ids: readonly number[];
  /** What the tower for pictures eats, by name. */
  inputs(): Promise<Readonly<Record<string, OrtTensor>>>;
}

export interface PictureReader {
  /** Errors: input/invalid for a picture that cannot be decoded. */
  read(image: PromptImage): Promise<PromptPicture>;
}

/** A picture in the pieces of SmolVLM takes 50 MB. */
const KEPT_INPUTS = 2;
const KEPT_COUNTS = 200;
/** These of the library's classes take the picture before the words. */
const PICTURE_FIRST = /^(?:Llava|Lfm2Vl|PaliGemma|Pixtral)/;

interface Processed {
  readonly ids: readonly number[];
  readonly inputs: Readonly<Record<string, OrtTensor>>;
}

interface PictureReaderOptions {
  /** The text that stands for a picture in a prompt. */
  readonly token: string;
  readonly processorClass: string;
  readonly label: string;
}

/** The model's own processor, one picture at a time. */
export function createPictureReader(
  processor: Processor,
  tokenizer: PreTrainedTokenizer,
  { token, processorClass, label }: PictureReaderOptions,
): PictureReader {
  const ids = new Map<string, readonly number[]>();
  const inputs = new Map<string, Processed['inputs']>();
  const opening = tokenizer.encode('').length - tokenizer.encode('', { add_special_tokens: false }).length;

  async function process(image: PromptImage): Promise<Processed> {
    const picture = await decode(image.blob, label);
    const output = (await (PICTURE_FIRST.test(processorClass)
      ? processor([picture], token)
      : processor(token, [picture]))) as Readonly<Record<string, unknown>>;
    const { input_ids: tokens, attention_mask: _, ...rest } = output;
    if (!(tokens instanceof Tensor)) throw new Error('The processor gives no tokens');
    const all = [...(tokens.data as BigInt64Array)].map(Number);
    return { ids: all.slice(opening), inputs: tensorsOf(rest) };
  }

  async function processed(key: string, image: PromptImage): Promise<Processed> {
    const result = await process(image);
    remember(ids, key, result.ids, KEPT_COUNTS);
    remember(inputs, key, result.inputs, KEPT_INPUTS);
    return result;
  }

  return {
    async read(image) {
      const key = await sha256Of(new Uint8Array(await image.blob.arrayBuffer()));
      return {
        key,
        ids: ids.get(key) ?? (await processed(key, image)).ids,
        inputs: async () => inputs.get(key) ?? (await processed(key, image)).inputs,
      };
    },
  };
}

function remember<T>(kept: Map<string, T>, key: string, value: T, most: number): void {
  kept.delete(key);
  kept.set(key, value);
  for (const oldest of kept.keys()) {
    if (kept.size <= most) return;
    kept.delete(oldest);
  }
}

function tensorsOf(output: Readonly<Record<string, unknown>>): Readonly<Record<string, OrtTensor>> {
  const tensors: Record<string, OrtTensor> = {};
  for (const [name, value] of Object.entries(output))
    if (value instanceof Tensor) tensors[name] = value.ort_tensor as unknown as OrtTensor;
  return tensors;
}

/** On white, where it is transparent. */
async function decode(blob: Blob, label: string): Promise<RawImage> {
  const bitmap = await createImageBitmap(blob).catch((error: unknown) => {
    throw unreadablePicture(label, error);
  });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('The browser gives no canvas');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return new RawImage(context.getImageData(0, 0, width, height).data, width, height, 4).rgb();
}
