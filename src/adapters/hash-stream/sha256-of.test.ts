import { expect, test, vi } from 'vitest';
import { sha256Of } from './index.ts';

async function platformHash(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

test('equals the platform’s SHA-256, over several slices', async () => {
  const bytes = new Uint8Array(9 * 2 ** 20 + 7).map((_, i) => (i * 31) % 251);
  expect(await sha256Of(new Blob([bytes]))).toBe(await platformHash(bytes));
  expect(await sha256Of(new Blob([]))).toBe(await platformHash(new Uint8Array()));
});

test('stops when it is told to, and says so when the file is gone', async () => {
  const file = new Blob([new Uint8Array(10)]);
  await expect(sha256Of(file, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'abort/by-user',
  });
  const gone = { size: 10, slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }) };
  await expect(sha256Of(gone as unknown as Blob)).rejects.toMatchObject({ code: 'input/invalid' });
});

test('many files, one after the other, share one memory, and files at the same time do not mix', async () => {
  const fileOf = (i: number): Blob => new Blob([new Uint8Array(100).fill(i)]);
  await sha256Of(fileOf(0));
  const instantiate = vi.spyOn(WebAssembly, 'instantiate');
  const one: string[] = [];
  for (let i = 0; i < 50; i++) one.push(await sha256Of(fileOf(i)));
  expect(instantiate).not.toHaveBeenCalled();
  expect(await Promise.all(one.map((_, i) => sha256Of(fileOf(i))))).toEqual(one);
  expect(one[7]).toBe(await platformHash(new Uint8Array(100).fill(7)));
  instantiate.mockRestore();
});
