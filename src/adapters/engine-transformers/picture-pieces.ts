import { Tensor } from 'onnxruntime-web/webgpu';

type Inputs = Readonly<Record<string, Tensor>>;

/**
 * Idefics3 and SmolVLM cut a picture into up to 17 pieces that know nothing of each other: each is seen alone, which gives
 * the same features, takes a fraction of the memory, and can be stopped in between. Other models see a picture at once.
 */
export function picturePieces(inputs: Inputs): readonly Inputs[] {
  const { pixel_values: pixels, pixel_attention_mask: mask, ...rest } = inputs;
  const [batch, count = 0, channels = 0, height = 0, width = 0] = pixels?.dims ?? [];
  const isCut = pixels?.dims.length === 5 && batch === 1 && mask?.dims.length === 4;
  if (!isCut || count < 2 || pixels.type !== 'float32' || mask.type !== 'bool') return [inputs];
  const values = pixels.data as Float32Array;
  const seen = mask.data as Uint8Array;
  const area = height * width;
  const size = channels * area;
  return Array.from({ length: count }, (_, i) => ({
    ...rest,
    pixel_values: new Tensor('float32', values.slice(i * size, (i + 1) * size), [
      1,
      1,
      channels,
      height,
      width,
    ]),
    pixel_attention_mask: new Tensor('bool', seen.slice(i * area, (i + 1) * area), [1, 1, height, width]),
  }));
}
