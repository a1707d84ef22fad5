import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dequantize, readGguf } from './gguf.mjs';
import { expandRange, zipMember } from './model-sources.mjs';
import { fetchPack } from './models.mjs';
import { checkOrigins, parseRange, pathBelow, startServer } from './serve.mjs';

let folder;
let server;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-serve-'));
  mkdirSync(join(folder, 'dist/assets'), { recursive: true });
  mkdirSync(join(folder, 'models/m'), { recursive: true });
  writeFileSync(join(folder, 'dist/index.html'), '<!doctype html>page');
  writeFileSync(join(folder, 'dist/sw.js'), 'const sw = 1;');
  writeFileSync(join(folder, 'dist/assets/a-1.js'), 'export {};');
  writeFileSync(join(folder, 'dist/assets/a-1.js.br'), 'packed');
  writeFileSync(join(folder, 'models/m/w.bin'), '0123456789');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  server = await startServer({
    root: join(folder, 'dist'),
    models: join(folder, 'models'),
    port: 4911,
    extraConnect: ['https://gpu.example'],
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});
const get = (path, headers = {}) => fetch(new URL(path, server.url), { headers });

describe('the server', () => {
  test('a route is the page, isolated, under the strict policy', async () => {
    const response = await get('/library/some-document');
    expect(await response.text()).toContain('page');
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('https://gpu.example');
    expect(policy).toContain('trusted-types default');
    expect(policy).not.toMatch(/unsafe-eval'(?<!wasm-unsafe-eval')|unsafe-inline/);
  });
  test('a script is immutable, packed when the browser takes it, and free of Trusted Types', async () => {
    const response = await get('/assets/a-1.js', { 'accept-encoding': 'gzip, br' });
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(response.headers.get('content-encoding')).toBe('br');
    expect(response.headers.get('content-security-policy')).not.toContain('trusted-types');
  });
  test('the service worker is told the name of an unusual policy, and only then', async () => {
    const named = await (await get('/sw.js')).text();
    expect(named).toMatch(/^self\.BENCHTOP_POLICY="[0-9a-f]{8}";\nconst sw = 1;$/);
    const usual = await startServer({ root: join(folder, 'dist'), models: folder, port: 4911 });
    expect(await (await fetch(new URL('/sw.js', usual.url))).text()).toBe('const sw = 1;');
    await usual.close();
  });
  test('ranges', async () => {
    const part = await get('/models/m/w.bin', { range: 'bytes=3-5' });
    expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([
      206,
      '345',
      'bytes 3-5/10',
    ]);
    const rest = await get('/models/m/w.bin', { range: 'bytes=7-' });
    expect(await rest.text()).toBe('789');
    expect((await get('/models/m/w.bin', { range: 'bytes=10-' })).status).toBe(416);
    const changed = await get('/models/m/w.bin', { range: 'bytes=3-5', 'if-range': '"other"' });
    expect([changed.status, await changed.text()]).toEqual([200, '0123456789']);
    const same = await get('/models/m/w.bin', { range: 'bytes=3-5', 'if-range': part.headers.get('etag') });
    expect(same.status).toBe(206);
  });
  test('a missing model or asset is a 404, never the page', async () => {
    for (const path of ['/models/m/none.bin', '/models/none', '/assets/none.js'])
      expect((await get(path)).status).toBe(404);
  });
  test('nothing above the root is served', async () => {
    for (const path of ['/..%2fsecret.txt', '/models/..%2f..%2fsecret.txt', '/%2e%2e/secret.txt', '/%00'])
      expect(await (await get(path)).text()).not.toContain('secret');
    expect(pathBelow('/a/b', '/../c')).toBeUndefined();
    expect(pathBelow('/a/b', '/%zz')).toBeUndefined();
    expect(pathBelow('/a/b', '/x')).toBe('/a/b/x');
  });
  test('a taken port: the next one', async () => {
    const second = await startServer({ root: join(folder, 'dist'), models: folder, port: 4911 });
    expect(second.port).toBeGreaterThan(4911);
    await second.close();
  });
  test('range arithmetic and origins', () => {
    expect(parseRange('bytes=-3', 10)).toEqual({ start: 7, end: 9 });
    expect(parseRange('bytes=5-2', 10)).toBe('invalid');
    expect(parseRange('items=1-2', 10)).toBeUndefined();
    expect(checkOrigins(['https://a.example/v1'])).toEqual(['https://a.example']);
    expect(() => checkOrigins(['javascript:alert(1)'])).toThrow();
  });
});

describe('packs', () => {
  const sha = '84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882'; // of '0123456789'
  const model = (sha256) => ({
    id: 'm',
    files: [{ path: 'w.bin', sizeBytes: 10, sha256 }],
    sources: [{ kind: 'hub', repo: 'a/b', revision: 'main' }],
  });
  const run = (sha256, target) =>
    fetchPack('p', {
      folder: target,
      catalog: { packs: { p: ['m'] }, models: [model(sha256)] },
      log: () => {},
    });

  test('a file that is here is not fetched again; a wrong hash is refused and says so', async () => {
    expect(await run(sha, join(folder, 'models'))).toEqual({ fetched: 0 });
    await expect(run('0'.repeat(64), join(folder, 'models'))).rejects.toThrow(/could not be had/);
    await expect(fetchPack('nothing', { catalog: { packs: {}, models: [] } })).rejects.toThrow(
      /no pack or model/,
    );
  });
  test('members of a zip, numbered parts', async () => {
    const archive = join(folder, 'a.zip');
    writeFileSync(archive, zipSync({ 'x/y.bin': new Uint8Array([1, 2, 3]) }));
    expect([...(await zipMember(archive, 'x/y.bin'))]).toEqual([1, 2, 3]);
    await expect(zipMember(archive, 'z')).rejects.toThrow(/not in/);
    expect(expandRange('p{1..3}')).toEqual(['p1', 'p2', 'p3']);
    expect(expandRange('p{08..10}')).toEqual(['p08', 'p09', 'p10']);
    expect(expandRange('p')).toEqual(['p']);
  });
});

test('a GGUF is read and dequantized', () => {
  const out = [];
  const u32 = (n) => out.push(Buffer.from(Uint32Array.of(n).buffer));
  const u64 = (n) => out.push(Buffer.from(BigUint64Array.of(BigInt(n)).buffer));
  const string = (text) => {
    u64(text.length);
    out.push(Buffer.from(text));
  };
  out.push(Buffer.from('GGUF'));
  u32(3);
  u64(1);
  u64(2);
  string('general.name');
  u32(8);
  string('tiny');
  string('list');
  u32(9);
  u32(4);
  u64(2);
  u32(7);
  u32(9);
  string('t');
  u32(2);
  u64(32);
  u64(1);
  u32(3);
  u64(0);
  let head = Buffer.concat(out);
  head = Buffer.concat([head, Buffer.alloc((32 - (head.length % 32)) % 32)]);
  const block = Buffer.alloc(20);
  block.writeUInt16LE(0x3800, 0); // 0.5
  block.writeUInt16LE(0xbc00, 2); // -1
  for (let i = 0; i < 16; i++) block[4 + i] = i | ((15 - i) << 4);
  const gguf = readGguf(Buffer.concat([head, block]));
  expect(gguf.metadata).toEqual({ 'general.name': 'tiny', list: [7, 9] });
  const { data, shape } = dequantize(gguf, 't');
  expect(shape).toEqual([1, 32]);
  expect([data[0], data[3], data[15], data[16], data[31]]).toEqual([-1, 0.5, 6.5, 6.5, -1]);
  expect(() => readGguf(Buffer.from('nope nope'))).toThrow(/not a GGUF/);
});
