import * as v from 'valibot';
import type { PictureInput } from '#core/ports/image-embedder.ts';
import { AppError } from '#shared/errors.ts';

const pixels = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096));
const sides = v.object({ height: pixels, width: pixels });
const channels = v.tuple([v.number(), v.number(), v.number()]);

/** preprocessor_config.json: what CLIP's and SigLIP's processors read of it. */
const configSchema = v.object({
  size: v.union([pixels, v.object({ shortest_edge: pixels }), sides]),
  crop_size: v.optional(v.union([pixels, sides])),
  do_center_crop: v.optional(v.boolean(), false),
  do_rescale: v.optional(v.boolean(), true),
  rescale_factor: v.optional(v.number(), 1 / 255),
  do_normalize: v.optional(v.boolean(), false),
  image_mean: v.optional(channels, [0, 0, 0]),
  image_std: v.optional(channels, [1, 1, 1]),
});

export interface PictureProcessor {
  readonly input: PictureInput;
  /** value = byte × scale[channel] + offset[channel] */
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}

/** Reads how this model wants its pictures. */
export async function openPictureProcessor(config: Blob, label: string): Promise<PictureProcessor> {
  const parsed = v.safeParse(configSchema, JSON.parse(await config.text()));
  if (!parsed.success)
    throw new AppError(
      'model/integrity',
      `${label} does not say how large its pictures are. Delete the model and download it again.`,
      { details: { issue: parsed.issues[0].message } },
    );
  const { do_rescale, rescale_factor, do_normalize, image_mean, image_std } = parsed.output;
  const factor = do_rescale ? rescale_factor : 1;
  const [mean, std] = do_normalize
    ? [image_mean, image_std]
    : [
        [0, 0, 0],
        [1, 1, 1],
      ];
  return {
    input: inputOf(parsed.output, label),
    scale: std.map((deviation) => factor / deviation),
    offset: mean.map((value, c) => -value / (std[c] ?? 1)),
  };
}

function inputOf(config: v.InferOutput<typeof configSchema>, label: string): PictureInput {
  const { size, crop_size: crop, do_center_crop: isCropped } = config;
  const cut = typeof crop === 'number' ? { width: crop, height: crop } : crop;
  if (typeof size === 'object' && 'width' in size && size.width === size.height)
    return { resize: size.width, fit: 'stretch', ...(isCropped && cut ? cut : size) };
  if (isCropped && cut !== undefined && (typeof size === 'number' || 'shortest_edge' in size))
    return { resize: typeof size === 'number' ? size : size.shortest_edge, fit: 'cover', ...cut };
  throw new AppError(
    'input/unsupported',
    `${label} wants pictures of a shape that this engine does not make.`,
  );
}

/** Bytes [count × height × width × 3] to what the tower eats: [count × 3 × height × width]. */
export function toPixelValues(
  { input, scale, offset }: PictureProcessor,
  bytes: Uint8Array,
  count: number,
): Float32Array {
  const area = input.width * input.height;
  const values = new Float32Array(count * area * 3);
  for (let picture = 0; picture < count; picture++) {
    const start = picture * area * 3;
    for (let c = 0; c < 3; c++) {
      const [factor, shift] = [scale[c] ?? 1, offset[c] ?? 0];
      const plane = start + c * area;
      for (let i = 0; i < area; i++) values[plane + i] = (bytes[start + i * 3 + c] ?? 0) * factor + shift;
    }
  }
  return values;
}
