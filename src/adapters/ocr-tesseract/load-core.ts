/// <reference path="./tesseract-core.d.ts" />

import plainWasmUrl from 'tesseract.js-core/tesseract-core-lstm.wasm?url&no-inline';
import type { TesseractModule } from 'tesseract.js-core/tesseract-core-simd-lstm.js';
import simdWasmUrl from 'tesseract.js-core/tesseract-core-simd-lstm.wasm?url&no-inline';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { fetchBytes } from './fetch-bytes.ts';

/** (module (func (result v128) i32.const 0 i8x16.splat)): valid where 128-bit SIMD is known. */
const SIMD_PROBE = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
]);

async function build() {
  if (WebAssembly.validate(SIMD_PROBE))
    return { wasmUrl: simdWasmUrl, glue: await import('tesseract.js-core/tesseract-core-simd-lstm.js') };
  return { wasmUrl: plainWasmUrl, glue: await import('tesseract.js-core/tesseract-core-lstm.js') };
}

/** Tesseract itself, compiled to WebAssembly; what it says about pictures it finds odd is not for people. */
export async function loadCore(options: CallOptions): Promise<TesseractModule> {
  const { wasmUrl, glue } = await build();
  const wasmBinary = await fetchBytes(wasmUrl, 'The text recognition engine', options);
  try {
    return await glue.default({ wasmBinary: wasmBinary.buffer, print: () => {}, printErr: () => {} });
  } catch (error) {
    throw new AppError(
      'model/load-failed',
      'The text recognition engine could not be started. Reload the page and try again.',
      { cause: error },
    );
  }
}
