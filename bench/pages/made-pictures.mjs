// Photographs for the benches: two megapixels of JPEG, as a telephone's are after sending.

const DRAWINGS = Object.values(
  import.meta.glob('../../e2e/fixtures/emoji-eval/pictures/*.webp', {
    query: '?url',
    import: 'default',
    eager: true,
  }),
);
const SIZE = { width: 1632, height: 1224 };
const QUALITY = 0.88;

let opening;
const drawings = () => {
  opening ??= Promise.all(DRAWINGS.map(async (url) => createImageBitmap(await (await fetch(url)).blob())));
  return opening;
};

function randomOf(seed) {
  let state = seed * 2654435761;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Grain: a picture that is flat is decoded faster than any photograph. */
function grain(random) {
  const tile = new OffscreenCanvas(256, 256);
  const context = tile.getContext('2d');
  const pixels = context.createImageData(256, 256);
  for (let i = 0; i < pixels.data.length; i += 4) {
    pixels.data.fill(random() * 255, i, i + 3);
    pixels.data[i + 3] = 28;
  }
  context.putImageData(pixels, 0, 0);
  return tile;
}

/** The same for the same number: one large drawing, others around it, light that falls across, grain. */
async function makePicture(seed) {
  const all = await drawings();
  const random = randomOf(seed + 1);
  const context = new OffscreenCanvas(SIZE.width, SIZE.height).getContext('2d');
  const sky = context.createLinearGradient(0, 0, SIZE.width * random(), SIZE.height);
  for (const stop of [0, 1]) sky.addColorStop(stop, `hsl(${random() * 360} 50% ${35 + random() * 45}%)`);
  context.fillStyle = sky;
  context.fillRect(0, 0, SIZE.width, SIZE.height);
  for (let i = 0; i < 4; i++) {
    const side = 120 + random() * 240;
    const other = all[Math.floor(random() * all.length)];
    context.drawImage(other, random() * (SIZE.width - side), random() * (SIZE.height - side), side, side);
  }
  const main = all[seed % all.length];
  context.drawImage(main, (SIZE.width - 900) / 2, (SIZE.height - 900) / 2, 900, 900);
  context.fillStyle = context.createPattern(grain(random), 'repeat');
  context.fillRect(0, 0, SIZE.width, SIZE.height);
  const blob = await context.canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
  return new File([blob], `bench/picture-${seed}.jpg`, { type: 'image/jpeg' });
}

export async function makePictures(from, count) {
  const files = [];
  for (let i = 0; i < count; i++) files.push(await makePicture(from + i));
  return files;
}
