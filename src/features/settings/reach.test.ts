import { expect, test } from 'vitest';
import { reachOf, remedyFor, shortSource } from './reach.ts';

/** As scripts/security-headers.mjs writes it. */
const policyWith = (named: string): string =>
  `default-src 'none'; connect-src 'self' blob: data: https://huggingface.co https://*.hf.co http://127.0.0.1:* http://localhost:* ${named}; style-src 'self'`;
const server = (address: string) => ({ id: address, label: address, address });
const ORIGIN = 'http://127.0.0.1:4870';

test('the policy is sorted by what it is for', () => {
  const reach = reachOf(policyWith('https://gpu.example.org'), ORIGIN, []);
  expect(reach?.hub.map(shortSource)).toContain('huggingface.co');
  expect(reach?.loopback.map(shortSource)).toEqual(['127.0.0.1', 'localhost']);
  expect(reach?.named).toEqual(['https://gpu.example.org']);
});

test('a server that the user added and the list lacks is named', () => {
  const added = [
    server('http://127.0.0.1:8080/v1'),
    server('https://gpu.example.org/v1'),
    server('https://gpu.example.org:8443/v1'),
    server('http://gpu.example.org/v1'),
    server('https://api.elsewhere.org/v1'),
    server(`${ORIGIN}/v1`),
  ];
  const refused = reachOf(policyWith('https://gpu.example.org'), ORIGIN, added)?.refused;
  expect(refused?.map(({ address }) => address)).toEqual(added.slice(2, 5).map(({ address }) => address));
});

test('a page without such a list is not said to have one', () => {
  expect(reachOf('', ORIGIN, [])).toBeUndefined();
  expect(reachOf("script-src 'self'; img-src 'self'", ORIGIN, [])).toBeUndefined();
});

test('default-src closes what connect-src leaves out', () => {
  const added = [server('https://gpu.example.org/v1'), server('http://127.0.0.1:8080/v1')];
  const reach = reachOf("default-src 'self' https://gpu.example.org", ORIGIN, added);
  expect(reach).toMatchObject({ open: [], named: ['https://gpu.example.org'], refused: [added[1]] });
  expect(reachOf("default-src 'none'; connect-src 'self'", ORIGIN, [])?.named).toEqual([]);
});

test.each([
  ["connect-src 'self' *", '*'],
  ["DEFAULT-SRC 'none'; CONNECT-SRC 'self' HTTPS:", 'https:'],
  ["default-src 'none'; connect-src 'self' https://*", 'https://*'],
  ["default-src * 'unsafe-inline'", '*'],
  // Another way out: pictures, frames and scripts of any host.
  ["connect-src 'self'", '*'],
  ["default-src 'none'; connect-src 'self'; img-src https:", 'https:'],
])('%s is not called closed', (policy, open) => {
  expect(reachOf(policy, ORIGIN, [])?.open).toEqual([open]);
});

test('every server is reached under *, those of the scheme under a scheme', () => {
  const added = [server('http://[::1]:8080/v1'), server('https://far.example.org:8443/v1')];
  expect(reachOf("connect-src 'self' *", ORIGIN, added)?.refused).toEqual([]);
  expect(reachOf("connect-src 'self' http:", ORIGIN, added)?.refused).toEqual([]); // http opens https too
  expect(reachOf("connect-src 'self' https:", ORIGIN, added)?.refused).toEqual([added[0]]);
});

test.each([
  ['https://gpu.example.org:443', 'https://gpu.example.org/v1', true],
  ['https://gpu.example.org:8443', 'https://gpu.example.org:8443/v1', true],
  ['https://gpu.example.org:*', 'https://gpu.example.org:8443/v1', true],
  ['https://gpu.example.org:8443', 'https://gpu.example.org/v1', false],
  ['http://gpu.example.org', 'https://gpu.example.org/v1', true],
  ['http://gpu.example.org:80', 'http://gpu.example.org/v1', true],
  ['http://gpu.example.org:443', 'http://gpu.example.org/v1', false],
  ['gpu.example.org:8000', 'http://gpu.example.org:8000/v1', true],
  ['*.example.org', 'https://gpu.example.org/v1', true],
  ['*.example.org', 'https://example.org/v1', false],
  ['https://GPU.example.org', 'https://gpu.example.org/v1', true],
  ['https://gpu.example.org/v1/', 'https://gpu.example.org/v1', true],
  ['https://gpu.example.org/v2/', 'https://gpu.example.org/v1', false],
  ['wss://gpu.example.org', 'https://gpu.example.org/v1', false],
  ['http://[::1]:*', 'http://[::1]:8080/v1', false], // measured: Chromium skips it as invalid
])('%s and %s: %s', (source, address, isAllowed) => {
  const reach = reachOf(policyWith(source), ORIGIN, [server(address)]);
  expect(reach?.refused).toHaveLength(isAllowed ? 0 : 1);
});

test('hosts without a scheme and sockets are named; what browsers skip is not', () => {
  const reach = reachOf(policyWith('gpu.example.org wss://live.example.org http://[::1]:*'), ORIGIN, []);
  expect(reach?.named.map(shortSource)).toEqual(['gpu.example.org', 'live.example.org']);
  expect(reach?.loopback).toHaveLength(2);
});

test('of several policies every one has to allow', () => {
  const added = [server('https://gpu.example.org/v1')];
  const reach = reachOf(`default-src *, ${policyWith('')}`, ORIGIN, added);
  expect(reach).toMatchObject({ open: [], named: [], refused: added });
});

test('a refused server: what the list has to name, or what to write instead', () => {
  expect(remedyFor('https://gpu.example.org:8443/v1')).toEqual({ connect: 'https://gpu.example.org:8443' });
  expect(remedyFor('http://[::1]:8080/v1')).toEqual({ instead: 'http://localhost:8080' });
  expect(remedyFor('http://[fd00::1]:8080/v1')).toEqual({ instead: 'its name' });
});
