import { describeChatEngine } from '#core/ports/chat-engine.conformance.ts';
import { createOpenAiEngine } from './index.ts';
import { LOAD_SERVER, SERVER } from './sample-server.test-support.ts';

/** The first request gets no answer until it is aborted, as from a server that hangs; all others are real. */
function hangingOnce(): typeof fetch {
  let isFirst = true;
  return (input, init) => {
    if (!isFirst) return fetch(input, init);
    isFirst = false;
    return new Promise((_, reject) => {
      const { signal } = init ?? {};
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  };
}

const CLOSED_PORT = 'http://127.0.0.1:9';

describeChatEngine('engine-openai', async () => ({
  engine: createOpenAiEngine({ fetch: hangingOnce() }),
  load: LOAD_SERVER,
  traits: {
    jsonSchema: true,
    continues: true,
    exactTokens: true,
    reusesPrefix: true,
    abortMs: 500,
    overlongPrompt: 'A river runs to the sea. '.repeat(200),
    badLoads: [
      {
        name: 'nobody listens there',
        request: { ...LOAD_SERVER, model: { ...SERVER, id: 'nobody', baseUrl: `${CLOSED_PORT}/v1` } },
        codes: ['network/failed'],
      },
      {
        name: 'another path',
        request: { ...LOAD_SERVER, model: { ...SERVER, id: 'lost', baseUrl: `${SERVER.baseUrl}/elsewhere` } },
        codes: ['model/not-found'],
      },
      {
        name: 'a model that the server lacks',
        request: { ...LOAD_SERVER, model: { ...SERVER, id: 'other', remoteModel: 'gpt-17' } },
        codes: ['model/not-found'],
      },
    ],
    timeoutMs: 60_000,
  },
}));
