import { expect, test } from 'vitest';
import { describePageRenderer } from '#core/ports/page-renderer.conformance.ts';
import { createPicturePageRenderer, isPicture } from './index.ts';

async function drawn(type: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(300, 200);
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, 300, 200);
  context.fillStyle = '#000';
  context.fillRect(40, 60, 100, 30);
  return canvas.convertToBlob({ type });
}

describePageRenderer('page-renderer-picture', async () => ({
  renderer: createPicturePageRenderer(),
  document: await drawn('image/png'),
  pages: [
    {
      geometry: { width: 300, height: 200, rotation: 0 },
      ink: { left: 40, top: 60, right: 140, bottom: 90 },
    },
  ],
  refused: [
    { name: 'no picture', file: new Blob(['nothing']), code: 'input/invalid' },
    { name: 'empty', file: new Blob([]), code: 'input/invalid' },
  ],
}));

test('a picture is told by its first bytes', async () => {
  for (const type of ['image/png', 'image/jpeg', 'image/webp'])
    expect(await isPicture(await drawn(type)), type).toBe(true);
  for (const text of ['%PDF-1.7', 'RIFF1234WAVE', '', 'PNG'])
    expect(await isPicture(new Blob([text])), text).toBe(false);
});
