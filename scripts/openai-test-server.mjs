// A small OpenAI-shaped server over llama.cpp (node-llama-cpp) with a real model, for the conformance run of
// engine-openai and for trying it by hand:  node scripts/openai-test-server.mjs [--port 8080] [--model file.gguf]
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const DEFAULT_MODEL = 'smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf';
const CONTEXT_TOKENS = 1024;
const TEST_KEY = 'test-key';

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'content-type, authorization',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-max-age': '600',
  'cross-origin-resource-policy': 'cross-origin',
};

/**
 * ChatML, as SmolLM2 was taught; without the system text that its own template puts first, under which the first word of
 * an answer is a toss between "The" and "L" (0.15 to 0.19), and falls otherwise on every kind of processor.
 */
function applyTemplate(messages, isContinued) {
  const turns = messages.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`).join('');
  return isContinued ? turns.replace(/<\|im_end\|>\n$/, '') : `${turns}<|im_start|>assistant\n`;
}

/** The package of node-llama-cpp that has this machine's binary. */
const BINARIES = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-arm64': 'mac-arm64-metal',
  'darwin-x64': 'mac-x64',
  'win32-x64': 'win-x64',
  'win32-arm64': 'win-arm64',
};

function explainMissingBinary(cause) {
  const machine = `${process.platform}-${process.arch}`;
  const name = BINARIES[machine];
  const way = name
    ? `take the line "@node-llama-cpp/${name}" out of "overrides" in package.json if it is there, then run: npm install`
    : 'install CMake and a C++ compiler, then run: npx node-llama-cpp source download';
  return new Error(
    `The test server needs llama.cpp for ${machine}, and node-llama-cpp found no binary here. To get it, ${way}. (${cause.message})`,
    { cause },
  );
}

async function loadLlama(modelPath) {
  if (!existsSync(modelPath)) throw new Error(`${modelPath} is missing. Run: npm run models`);
  const { getLlama, LlamaLogLevel, LlamaGrammarEvaluationState } = await import('node-llama-cpp');
  const llama = await getLlama({
    gpu: false,
    build: 'never',
    maxThreads: 1,
    logLevel: LlamaLogLevel.error,
  }).catch((error) => {
    throw explainMissingBinary(error);
  });
  const model = await llama.loadModel({ modelPath });
  const context = await model.createContext({ contextSize: CONTEXT_TOKENS });
  const grammarFor = async (schema) => {
    const grammar = await llama.createGrammarForJsonSchema(schema);
    const state = new LlamaGrammarEvaluationState({ model, grammar });
    return {
      state,
      stops: grammar.stopGenerationTriggers.filter((text) => typeof text[0] === 'string').flat(),
    };
  };
  return { model, sequence: context.getSequence(), grammarFor };
}

/** Keeps the part of the sequence that the new prompt shares, as llama.cpp's own server does. */
async function reusePrefix(sequence, tokens) {
  const have = sequence.contextTokens;
  let shared = 0;
  while (shared < have.length && shared < tokens.length - 1 && have[shared] === tokens[shared]) shared += 1;
  if (shared < sequence.nextTokenIndex)
    await sequence.eraseContextTokenRanges([{ start: shared, end: sequence.nextTokenIndex }]);
  return shared;
}

/** Text that can be sent: nothing of a stop string, and no half of a character that is still being decoded. */
function sendable(text, stops, isLast) {
  for (const stop of stops) {
    const at = text.indexOf(stop);
    if (at >= 0) return { text: text.slice(0, at), isStopped: true };
  }
  if (isLast) return { text, isStopped: false };
  let end = text.length;
  for (const stop of stops)
    for (let n = Math.min(stop.length - 1, text.length); n > 0; n--)
      if (text.endsWith(stop.slice(0, n))) {
        end = Math.min(end, text.length - n);
        break;
      }
  const whole = text.slice(0, end).replace(/�+$/, '');
  return { text: whole, isStopped: false };
}

async function* complete({ model, sequence, grammarFor }, body, signal) {
  const isContinued = body.continue_final_message === true || body.messages.at(-1)?.role === 'assistant';
  const tokens = model.tokenize(applyTemplate(body.messages, isContinued), true);
  const room = CONTEXT_TOKENS - tokens.length;
  if (room < 1)
    throw Object.assign(new Error('the request exceeds the available context size'), {
      promptTokens: tokens.length,
    });
  const cached = await reusePrefix(sequence, tokens);
  const most = Math.min(body.max_tokens ?? room, room);
  const schema = body.response_format?.json_schema?.schema;
  const grammar = schema ? await grammarFor(schema) : undefined;
  const stops = [body.stop ?? [], grammar?.stops ?? []].flat();
  const made = [];
  let sent = 0;
  let reason = 'length';
  const options = {
    temperature: body.temperature ?? 0.8,
    topP: body.top_p ?? 0.95,
    topK: body.top_k ?? 40,
    minP: body.min_p ?? 0,
    seed: body.seed,
    ...(grammar ? { grammarEvaluationState: grammar.state } : {}),
  };
  for await (const token of sequence.evaluate(tokens.slice(cached), options)) {
    if (signal.aborted) return;
    if (model.isEogToken(token)) {
      reason = 'stop';
      break;
    }
    made.push(token);
    const { text, isStopped } = sendable(model.detokenize(made), stops, false);
    if (text.length > sent) yield { text: text.slice(sent) };
    sent = Math.max(sent, text.length);
    if (isStopped) reason = 'stop';
    if (isStopped || made.length >= most) break;
  }
  const { text, isStopped } = sendable(model.detokenize(made), stops, true);
  if (isStopped) reason = 'stop';
  if (text.length > sent) yield { text: text.slice(sent) };
  yield { reason, usage: usageOf(tokens.length, cached, made.length) };
}

const usageOf = (prompt, cached, completion) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
  prompt_tokens_details: { cached_tokens: cached },
});

async function readJson(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
}

function sendJson(response, status, value) {
  response.writeHead(status, { ...CORS, 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

/**
 * An http request handler for `/v1/models`, `/v1/chat/completions`, `/apply-template` and `/tokenize`. The same server
 * with the manners of others: below `/needs-key` it wants the key "test-key", below `/cuts` its line breaks in the middle
 * of an answer, below `/bare` it counts no tokens.
 */
export function createOpenAiHandler({ modelPath, modelName = 'smollm2' }) {
  let llama;
  let queue = Promise.resolve();

  async function chat(request, response) {
    const body = await readJson(request);
    if (body.model !== modelName)
      return sendJson(response, 404, { error: { message: `no model ${body.model}` } });
    const abort = new AbortController();
    response.on('close', () => abort.abort());
    const turn = queue.then(() => stream(body, response, abort.signal));
    queue = turn.catch(() => {});
    await turn;
  }

  async function stream(body, response, signal) {
    if (signal.aborted) return;
    let isStarted = false;
    const send = (choice, rest = {}) => {
      if (!isStarted) response.writeHead(200, { ...CORS, 'content-type': 'text/event-stream' });
      isStarted = true;
      response.write(
        `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [choice], ...rest })}\n\n`,
      );
    };
    try {
      for await (const { text, reason, usage } of complete(await llama, body, signal))
        if (text !== undefined) send({ index: 0, delta: { content: text }, finish_reason: null });
        else send({ index: 0, delta: {}, finish_reason: reason }, { usage });
      response.end('data: [DONE]\n\n');
    } catch (error) {
      if (isStarted)
        return response.end(
          `data: ${JSON.stringify({ choices: [], error: { message: error.message } })}\n\n`,
        );
      const isContext = error.promptTokens !== undefined;
      sendJson(response, isContext ? 400 : 500, {
        error: {
          message: error.message,
          type: isContext ? 'exceed_context_size_error' : 'server_error',
          ...(isContext ? { n_prompt_tokens: error.promptTokens, n_ctx: CONTEXT_TOKENS } : {}),
        },
      });
    }
  }

  const routes = {
    'GET /v1/models': async (_request, response) =>
      sendJson(response, 200, {
        object: 'list',
        data: [{ id: modelName, object: 'model', max_model_len: CONTEXT_TOKENS }],
      }),
    'POST /v1/chat/completions': chat,
    'POST /apply-template': async (request, response) =>
      sendJson(response, 200, { prompt: applyTemplate((await readJson(request)).messages, false) }),
    'POST /tokenize': async (request, response) => {
      const { model } = await llama;
      const { content } = await readJson(request);
      if (typeof content !== 'string')
        return sendJson(response, 400, { error: { message: 'content is missing' } });
      sendJson(response, 200, { tokens: model.tokenize(content, true) });
    },
  };

  return async (request, response) => {
    llama ??= loadLlama(modelPath);
    llama.catch(() => {}); // told to whoever asks for an answer
    if (request.method === 'OPTIONS') return response.writeHead(204, CORS).end();
    const [, kind, path] = /^\/(needs-key|cuts|bare)?\/?([^?]*)/.exec(request.url) ?? [];
    if (kind === 'needs-key' && request.headers.authorization !== `Bearer ${TEST_KEY}`)
      return sendJson(response, 401, { error: { message: 'Incorrect API key provided' } });
    if (kind === 'bare' && !path.startsWith('v1/'))
      return sendJson(response, 404, { error: { message: 'not found' } });
    const route = routes[`${request.method} /${path}`];
    if (route === undefined) return sendJson(response, 404, { error: { message: 'not found' } });
    if (kind === 'cuts') cutAfter(response, 2);
    if (kind === 'bare') leaveOutUsage(response);
    await route(request, response).catch((error) => {
      if (!response.headersSent)
        sendJson(response, error.status ?? 400, { error: { message: String(error.message ?? error) } });
    });
  };
}

/** The line breaks after so many events of a stream. */
function cutAfter(response, events) {
  const write = response.write.bind(response);
  let left = events;
  response.write = (text) => {
    if (left > 0) write(text);
    else response.destroy();
    left -= 1;
    return true;
  };
}

/** As servers do that do not know stream_options. */
function leaveOutUsage(response) {
  const write = response.write.bind(response);
  response.write = (text) => write(text.replace(/,"usage":\{.*\}(?=\}\n)/, ''));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '8080' }, model: { type: 'string' } },
  });
  const modelPath = values.model ?? resolve(process.env.BENCHTOP_MODELS ?? '.models', DEFAULT_MODEL);
  createServer(createOpenAiHandler({ modelPath })).listen(Number(values.port), '127.0.0.1', () =>
    console.log(`OpenAI-shaped test server: http://127.0.0.1:${values.port}/v1 (model smollm2)`),
  );
}
