import { AutoProcessor } from '@huggingface/transformers';
import { expect, test } from 'vitest';
import { describeChatEngine } from '#core/ports/chat-engine.conformance.ts';
import { GREEDY } from '#core/ports/chat-engine.test-support.ts';
import type { LoadRequest } from '#core/ports/chat-engine.ts';
import { describeSightedChatEngine } from '#core/ports/chat-engine-images.conformance.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { AppError } from '#shared/errors.ts';
import { openChatGraphs } from './chat-graphs.ts';
import { createPictureReader } from './chat-pictures.ts';
import { createTransformersChatEngine } from './index.ts';
import { withLibraryFiles } from './library-files.ts';
import { picturePieces } from './picture-pieces.ts';
import { LOAD_TINY, TINY_BLIND, TINY_VLM, tinyPicture, tinyVlmFile } from './tiny-vlm.test-support.ts';

const DECODER = /decoder_model_merged\w*\.onnx$/;

/** The real files by id, and broken ones made of them. */
async function openFile(modelId: string, path: string): Promise<File> {
  if (modelId === 'absent') throw new AppError('model/not-found', 'Not here');
  const file = await tinyVlmFile(path);
  if (modelId === 'cut-short' && DECODER.test(path)) return new File([file.slice(0, 40_000)], path);
  if (modelId === 'web-page' && DECODER.test(path)) return new File(['<!doctype html>'], path);
  if (modelId === 'no-settings' && path === 'config.json') return new File(['{}'], path);
  if (modelId === 'page-for-settings' && path === 'config.json') return new File(['<!doctype html>'], path);
  if (modelId === 'no-template' && path === 'tokenizer_config.json')
    return new File([(await file.text()).replace('"chat_template"', '"other"')], path);
  return file;
}

const named = (id: string, change: Partial<ModelSpec> = {}): LoadRequest => ({
  ...LOAD_TINY,
  model: { ...TINY_BLIND, id, ...change },
});
const without = (pattern: RegExp) => ({ files: TINY_BLIND.files.filter(({ path }) => !pattern.test(path)) });

describeChatEngine('engine-transformers', async () => ({
  engine: createTransformersChatEngine({ openFile }),
  load: { ...LOAD_TINY, model: TINY_BLIND },
  traits: {
    jsonSchema: false,
    continues: true,
    exactTokens: true,
    reusesPrefix: true,
    abortMs: 500,
    overlongPrompt: 'A river runs to the sea. '.repeat(100),
    badLoads: [
      { name: 'not stored', request: named('absent'), codes: ['model/not-found'] },
      { name: 'cut short', request: named('cut-short'), codes: ['model/integrity'] },
      { name: 'a web page', request: named('web-page'), codes: ['model/integrity'] },
      { name: 'settings without a kind', request: named('no-settings'), codes: ['model/integrity'] },
      { name: 'a web page as settings', request: named('page-for-settings'), codes: ['model/integrity'] },
      { name: 'no template', request: named('no-template'), codes: ['input/unsupported'] },
      { name: 'no decoder', request: named('half', without(DECODER)), codes: ['input/unsupported'] },
      { name: 'no tokenizer', request: named('mute', without(/^tokenizer/)), codes: ['model/integrity'] },
    ],
    timeoutMs: 30_000,
  },
}));

const SHOWS = 'What does this picture show?';
const TOTAL = 'What is the total?';

describeSightedChatEngine('engine-transformers', async () => ({
  engine: createTransformersChatEngine({ openFile }),
  load: LOAD_TINY,
  pictures: [
    { name: 'a circle', image: await tinyPicture('red-circle.png'), question: SHOWS, answer: 'red circle' },
    { name: 'a square', image: await tinyPicture('blue-square.png'), question: SHOWS, answer: 'blue square' },
    { name: 'a JPEG', image: await tinyPicture('red-circle.jpg'), question: SHOWS, answer: 'red circle' },
    { name: 'an invoice', image: await tinyPicture('invoice-47.png'), question: TOTAL, answer: '47' },
    { name: 'another', image: await tinyPicture('invoice-385.png'), question: TOTAL, answer: '385' },
  ],
  traits: { exactTokens: true, reusesPictures: true, abortMs: 500 },
}));

test('a picture in pieces: each is seen alone, and gives what all of them give at once', async () => {
  const files = new Map<string, Blob>();
  for (const { path } of TINY_VLM.files) files.set(path, await tinyVlmFile(path));
  const settings = JSON.parse((await files.get('preprocessor_config.json')?.text()) ?? '{}');
  const split = { ...settings, do_image_splitting: true, size: { longest_edge: 192 } };
  files.set('preprocessor_config.json', new Blob([JSON.stringify(split)]));
  const processor = await withLibraryFiles(files, (name) => AutoProcessor.from_pretrained(name));
  const { tokenizer } = processor;
  if (tokenizer === undefined) throw new Error('No tokenizer');
  const reader = createPictureReader(processor, tokenizer, {
    token: '<image>',
    processorClass: 'Idefics3Processor',
    label: 'Tiny VLM',
  });
  const picture = await reader.read(await tinyPicture('red-circle-480x384.jpg'));
  const open = async (path: string): Promise<Blob> => files.get(path) ?? new Blob();
  const graphs = await openChatGraphs({ model: TINY_VLM, modelType: 'idefics3', runsOn: 'wasm', open });
  const inputs = await picture.inputs();
  const whole = await graphs.see(inputs);
  const pieces = picturePieces(inputs);
  expect(pieces).toHaveLength(5); // two by two, and all of it
  const alone: number[] = [];
  for (const piece of pieces) alone.push(...(await graphs.see(piece)).data);
  expect(alone).toHaveLength(whole.data.length);
  expect(Math.max(...alone.map((value, i) => Math.abs(value - (whole.data[i] ?? Number.NaN))))).toBeLessThan(
    1e-4,
  );
  const [image] = tokenizer.encode('<image>', { add_special_tokens: false });
  expect(picture.ids.filter((id) => id === image)).toHaveLength(whole.data.length / whole.width);
  await graphs.release();
});

test('what fails in the runtime ends the thread: it is told once, and later calls are refused', async () => {
  const told: AppError[] = [];
  let tellBroken = (): void => {};
  const broken = new Promise<void>((resolve) => {
    tellBroken = resolve;
  });
  const engine = createTransformersChatEngine({
    async openFile(_, path) {
      const file = await tinyVlmFile(path);
      if (path !== 'tokenizer.json') return file;
      const tokenizer = JSON.parse(await file.text());
      const [known] = tokenizer.added_tokens;
      tokenizer.added_tokens.push({ ...known, id: 5000, content: '<beyond>' }); // the model has no such word
      return new File([JSON.stringify(tokenizer)], path);
    },
    onBroken(error) {
      told.push(error);
      tellBroken();
    },
  });
  await engine.load({ ...LOAD_TINY, model: TINY_BLIND });
  const ask = async (content: string): Promise<void> => {
    const request = { modelId: TINY_BLIND.id, messages: [{ role: 'user', content }] as const };
    for await (const _ of engine.generate({ ...request, sampling: { ...GREEDY, maxTokens: 2 } }));
  };
  await ask('Hello.');
  await expect(ask('What is <beyond>?')).rejects.toMatchObject({ code: 'worker/crashed' });
  await expect(ask('Hello.')).rejects.toMatchObject({ code: 'worker/crashed' });
  await broken;
  expect(told.map(({ code }) => code)).toEqual(['worker/crashed']);
});
