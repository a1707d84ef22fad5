import { describeSightedChatEngine } from '#core/ports/chat-engine-images.conformance.ts';
import { createWllamaEngine } from './index.ts';
import { LOAD_TINY_VLM, pictureOf, sightedFiles } from './sighted-model.test-support.ts';

const SHOWS = 'What does this picture show?';

describeSightedChatEngine('engine-wllama', async () => ({
  engine: createWllamaEngine({ openFile: await sightedFiles() }),
  load: LOAD_TINY_VLM,
  pictures: [
    {
      name: 'a circle, JPEG',
      image: await pictureOf('red-circle.jpg'),
      question: SHOWS,
      answer: 'red circle',
    },
    {
      name: 'a square, PNG',
      image: await pictureOf('blue-square.png'),
      question: SHOWS,
      answer: 'blue square',
    },
    {
      name: 'a circle, another size',
      image: await pictureOf('red-circle-480x384.jpg'),
      question: SHOWS,
      answer: 'red circle',
    },
    {
      name: 'an invoice',
      image: await pictureOf('invoice-47.png'),
      question: 'What does this invoice say?',
      answer: '47 euros',
    },
  ],
  traits: { exactTokens: true, reusesPictures: true, abortMs: 500 },
}));
