import { createParsers } from './index.ts';
import { headOf } from './sniff.ts';

// The product's policy knows no 'unsafe-eval': code from a string must fail here as it does there.
const refuse = (): never => {
  throw new EvalError('Code from a string');
};
globalThis.Function = new Proxy(Function, { apply: refuse, construct: refuse });
globalThis.eval = refuse;

addEventListener('message', async ({ data }: MessageEvent<File>) => {
  const { name, type } = data;
  const head = await headOf(data);
  try {
    const parser = createParsers().find((each) => each.accepts({ name, mediaType: type, head }));
    postMessage((await parser?.parse(data))?.text);
  } catch (error) {
    postMessage(String(error));
  }
});
