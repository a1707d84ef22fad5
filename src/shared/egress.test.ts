import { expect, test } from 'vitest';
import { isLoopback } from './egress.ts';

test.each([
  'http://localhost:8000/v1',
  'http://127.0.0.1:8000/v1',
  'http://127.1/v1',
  'http://[::1]:8000/v1',
])('%s is this machine', (address) => expect(isLoopback(new URL(address))).toBe(true));

test.each([
  'https://127.evil.example/v1',
  'https://127.0.0.1.example.org/v1',
  'https://localhost.example.org/v1',
  'http://128.0.0.1/v1',
  'http://10.127.0.1/v1',
])('%s is another machine', (address) => expect(isLoopback(new URL(address))).toBe(false));
