import { createParsers } from './index.ts';

addEventListener('message', ({ data }: MessageEvent<File>) => {
  const parser = createParsers().find(({ id }) => id === 'pdf');
  void parser?.parse(data).then(
    ({ text }) => postMessage(text),
    (error: unknown) => postMessage(String(error)),
  );
});
