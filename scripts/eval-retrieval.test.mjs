import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readArguments } from './eval-retrieval.mjs';

const SET = resolve(import.meta.dirname, '../e2e/fixtures/beir-jargon');
const half = mkdtempSync(join(tmpdir(), 'benchtop-beir-'));
mkdirSync(join(half, 'qrels'));
writeFileSync(join(half, 'qrels/test.tsv'), '');
afterAll(() => rmSync(half, { recursive: true }));

test('takes a folder, and measures all modes with the small embedder unless told', () => {
  const { folder, modes, embedder } = readArguments(['--beir', SET]);
  expect([folder, modes, embedder.id]).toEqual([SET, ['dense', 'lexical', 'hybrid'], 'bge-small-en-v1.5']);
  expect(readArguments(['--beir', SET, '--mode', 'hybrid']).modes).toEqual(['hybrid']);
  expect(readArguments(['--beir', SET, '--mode', 'dense,lexical']).modes).toEqual(['dense', 'lexical']);
  expect(readArguments(['--beir', SET, '--embedder', 'all-minilm-l6-v2']).embedder.label).toBe('MiniLM L6');
});

test.each([
  [[], /Say which set/],
  [['--beir', half], /lacks corpus\.jsonl, queries\.jsonl/],
  [['--beir', SET, '--mode', 'magic'], /no mode “magic”/],
  [['--beir', SET, '--embedder', 'smollm2-135m-instruct'], /no embedder “smollm2-135m-instruct”.*bge-small/],
  [['--beir', SET, '--fast'], /--fast/],
])('says what is wrong with %j', (args, message) => {
  expect(() => readArguments(args)).toThrow(message);
});
