import { expect, test } from 'vitest';
import { drawText, greyOf } from '#core/ports/drawn-text.test-support.ts';
import { describeTextRecognizer } from '#core/ports/text-recognizer.conformance.ts';
import { unpacked } from './fetch-bytes.ts';
import { createTesseractRecognizer } from './index.ts';

describeTextRecognizer('ocr-tesseract', async () => ({
  recognizer: createTesseractRecognizer(),
  english: 'eng',
}));

test('what cannot be read well is not left out, and is told apart by its confidence', async () => {
  const recognizer = createTesseractRecognizer();
  const { canvas } = drawText(700, 200, [{ text: 'The lamp was lit at six', x: 40, y: 100, size: 32 }]);
  const context = canvas.getContext('2d')!;
  // Noise over the second half, from a generator with a fixed seed.
  let seed = 7;
  for (let i = 0; i < 9000; i++) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    context.fillStyle = seed % 2 === 0 ? '#000' : '#fff';
    context.fillRect(190 + (seed % 190), 70 + ((seed >> 9) % 44), 2, 2);
  }
  const { lines } = await recognizer.recognize({ language: 'eng', picture: greyOf(canvas) });
  const words = lines.flatMap((line) => line.words);
  const clean = words.find(({ text }) => text === 'The');
  const worst = Math.min(...words.map(({ confidence }) => confidence));
  expect(clean?.confidence).toBeGreaterThan(worst + 0.2);
  expect(worst).toBeLessThan(0.5);
});

test('a language file is the same whether the server unpacked it or not', async () => {
  const plain = new TextEncoder().encode('trained data');
  const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream('gzip'));
  const packed = new Uint8Array(await new Response(stream).arrayBuffer());
  expect(await unpacked(packed)).toEqual(plain);
  expect(await unpacked(plain)).toEqual(plain);
});
