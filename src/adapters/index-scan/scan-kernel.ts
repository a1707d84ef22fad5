import { SCAN_KERNEL_BASE64 } from './scan-kernel-wasm.ts';

/** See scan-kernel.wat. All but `stride`, `count`, `step`, `bias` and `part` are addresses in the memory. */
export type ScanKernel = (
  rows: number,
  stride: number,
  count: number,
  scales: number,
  alongs: number,
  mask: number,
  query: number,
  step: number,
  bias: number,
  part: number,
  out: number,
) => void;

let compiled: WebAssembly.Module | undefined;

/** The kernel over a memory. Half a kilobyte: it is compiled at once, also on a page. */
export function createScanKernel(memory: WebAssembly.Memory): ScanKernel {
  compiled ??= new WebAssembly.Module(
    Uint8Array.from(atob(SCAN_KERNEL_BASE64), (char) => char.charCodeAt(0)),
  );
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return exports.scan as ScanKernel;
}
