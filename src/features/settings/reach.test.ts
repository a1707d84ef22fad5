import { expect, test } from 'vitest';
import { reachOf, shortSource } from './reach.ts';

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
  expect(reachOf("default-src 'self'", ORIGIN, [])).toBeUndefined();
  expect(reachOf('', ORIGIN, [])).toBeUndefined();
});
