// Claim 1: an answer is written through Benchtop at 0.97 of the bare library's speed, or better.
//   node bench/decode.mjs [--rounds 7]
import { ask, CHAT_MODEL, contextTokens, download, load, newChat } from './shared/app.mjs';
import { log, runBench } from './shared/bench.mjs';
import { alternate, pairRatios, spread } from './shared/stats.mjs';

const LEAST = 0.97;
const MAX_TOKENS = 128;
const QUESTION = 'Write a long story about a lighthouse keeper who finds a letter in a bottle.';

/** What src/adapters/engine-wllama gives the library, word for word; context and threads as the app has them. */
const loadParams = (n_ctx, n_threads) => ({
  n_ctx,
  n_threads,
  n_gpu_layers: 0,
  n_batch: 64,
  n_ubatch: 64,
  n_parallel: 1,
  ctx_shift: false,
  reasoning_format: 'none',
  log_level: 3,
});
const REQUEST = {
  messages: [{ role: 'user', content: QUESTION }],
  cache_prompt: true,
  temperature: 0,
  top_p: 1,
  top_k: 0,
  min_p: 0,
  repeat_penalty: 1,
  max_tokens: MAX_TOKENS,
  stop: [],
};

/** Tokens after the first, over the time from the first text to the end: the same outside clock for both. */
const outside = ({ firstTextMs, endMs }, tokens) => ((tokens - 1) * 1000) / (endMs - firstTextMs);

async function inApp(page) {
  await newChat(page, { maxTokens: MAX_TOKENS });
  const answer = await ask(page, QUESTION);
  const { completionTokens: tokens, decodeTokensPerSecond: engine } = answer.usage;
  return { text: answer.text, tokens, engine, outside: outside(answer, tokens) };
}

async function inBare(page) {
  const answer = await page.evaluate((request) => globalThis.bare.complete(request), REQUEST);
  const { predicted_n: tokens, predicted_per_second: engine } = answer.timings;
  return { text: answer.text, tokens, engine, outside: outside(answer, tokens) };
}

async function measure({ rounds, threads, newContext }) {
  const app = await (await newContext()).page('models');
  await download(app, CHAT_MODEL.label);
  await load(app, CHAT_MODEL.label);
  await inApp(app); // the first answer warms both up and loads what the screen needs
  const context = await contextTokens(app);

  const bare = await (await newContext()).page('bench/bare-wllama.html');
  const loaded = await bare.evaluate(
    ([modelUrl, params]) => globalThis.bare.load(modelUrl, params),
    [`/models/${CHAT_MODEL.id}/${CHAT_MODEL.files[0].path}`, loadParams(context, threads)],
  );
  if (loaded.threads !== threads)
    throw new Error(`The bare library took ${loaded.threads} threads, not ${threads}`);
  await inBare(bare);

  const runs = { app: [], bare: [] };
  for (let round = 0; round < rounds; round++) {
    for (const side of alternate(['app', 'bare'], round))
      runs[side].push(side === 'app' ? await inApp(app) : await inBare(bare));
    const [a, b] = [runs.app[round], runs.bare[round]];
    if (a.tokens !== b.tokens || a.text.trim() !== b.text.trim())
      throw new Error('The two did not write the same answer: the settings differ');
    log(`decode ${round + 1}/${rounds}: ${a.outside.toFixed(1)} against ${b.outside.toFixed(1)} tok/s`);
  }
  const of = (side, clock) => runs[side].map((run) => run[clock]);
  const byOutside = pairRatios(of('app', 'outside'), of('bare', 'outside'));
  const byEngine = pairRatios(of('app', 'engine'), of('bare', 'engine'));
  const best = (side) => Math.max(...of(side, 'outside'));
  const speeds = spread(of('app', 'outside'), 1);
  return {
    summary: `${byOutside.median} by the clock on the screen (${byOutside.min} to ${byOutside.max}), ${byEngine.median} by the engine’s; ${speeds.median} tok/s`,
    isMet: byOutside.median >= LEAST,
    ratioOutside: byOutside,
    ratioEngine: byEngine,
    ratioOfBest: Number((best('app') / best('bare')).toFixed(3)),
    appTokensPerSecond: { outside: speeds, engine: spread(of('app', 'engine'), 1) },
    bareTokensPerSecond: {
      outside: spread(of('bare', 'outside'), 1),
      engine: spread(of('bare', 'engine'), 1),
    },
    tokens: runs.app[0].tokens,
    contextTokens: context,
    threads,
  };
}

await runBench({
  name: 'decode',
  claim: 'Writing an answer through Benchtop (worker, RPC, storage, screen) against the bare wllama call',
  goal: `≥ ${LEAST}`,
  rounds: 7,
  measure,
});
