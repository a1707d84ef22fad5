// Assembles the scan kernel (src/adapters/index-scan/scan-kernel.wat) into the module that is committed beside it, so
// that neither a build nor an install needs an assembler: node scripts/build-scan-kernel.mjs
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import wabt from 'wabt';

const FOLDER = new URL('../src/adapters/index-scan/', import.meta.url);
const TARGET = new URL('scan-kernel-wasm.ts', FOLDER);

/** The text of scan-kernel-wasm.ts for the kernel as it is written now. */
export async function scanKernelModule() {
  const text = await readFile(new URL('scan-kernel.wat', FOLDER), 'utf8');
  const assembler = await wabt();
  const parsed = assembler.parseWat('scan-kernel.wat', text, { simd: true });
  parsed.validate();
  const { buffer } = parsed.toBinary({});
  parsed.destroy();
  const lines = Buffer.from(buffer)
    .toString('base64')
    .match(/.{1,100}/g);
  return [
    '/** scan-kernel.wat, assembled by scripts/build-scan-kernel.mjs: do not edit. */',
    'export const SCAN_KERNEL_BASE64 = [',
    ...lines.map((line) => `  '${line}',`),
    "].join('');",
    '',
  ].join('\n');
}

export const readCommittedKernel = () => readFile(TARGET, 'utf8');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFile(TARGET, await scanKernelModule());
  console.log('Wrote src/adapters/index-scan/scan-kernel-wasm.ts');
}
