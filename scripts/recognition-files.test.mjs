import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { recognitionFiles } from '../src/app/recognition.ts';

const sizeOf = (path) => statSync(`node_modules/${path}`).size;

test('what is said to be fetched for text recognition is what is fetched', () => {
  const engine = ['js', 'wasm'].map((ending) =>
    sizeOf(`tesseract.js-core/tesseract-core-simd-lstm.${ending}`),
  );
  expect(recognitionFiles.engineBytes).toBe(engine.reduce((sum, bytes) => sum + bytes, 0));
  for (const { id, sizeBytes } of recognitionFiles.languages)
    expect(sizeBytes).toBe(sizeOf(`@tesseract.js-data/${id}/4.0.0_best_int/${id}.traineddata.gz`));
});
