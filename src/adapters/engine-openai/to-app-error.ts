import { unreadablePicture } from '#core/models/index.ts';
import { isLoopback } from '#shared/egress.ts';
import { AppError, isAbort } from '#shared/errors.ts';

/** A fetch that never got an answer. Browsers hide why, so the message names the usual reasons. */
export function fromFetchFailure(error: unknown, url: string, isRefusedByPolicy: boolean): AppError {
  if (error instanceof AppError) return error;
  if (isAbort(error)) return new AppError('abort/by-user', 'Cancelled', { cause: error });
  const { origin } = new URL(url);
  const options = { details: { url }, cause: error };
  if (isRefusedByPolicy)
    return new AppError(
      'network/blocked',
      `Benchtop may not talk to ${origin}: its security policy allows only known addresses. Start it again with --connect ${origin}.`,
      options,
    );
  if (!isLoopback(new URL(url)) && !navigator.onLine)
    return new AppError(
      'network/offline',
      `There is no network, and ${origin} is not on this machine.`,
      options,
    );
  return new AppError(
    'network/failed',
    `${origin} could not be reached. Check that the server runs and that it allows requests from this page (CORS).`,
    options,
  );
}

interface ServerError {
  readonly message: string;
  readonly promptTokens: number | undefined;
  readonly contextTokens: number | undefined;
}

function readServerError(body: string): ServerError {
  try {
    const parsed: unknown = JSON.parse(body);
    const record = (value: unknown): Record<string, unknown> =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
    const error = { ...record(parsed), ...record(record(parsed).error) };
    const count = (key: string): number | undefined => {
      const value = error[key];
      return typeof value === 'number' ? value : undefined;
    };
    return {
      message: typeof error.message === 'string' ? error.message : body,
      promptTokens: count('n_prompt_tokens'),
      contextTokens: count('n_ctx'),
    };
  } catch {
    return { message: body, promptTokens: undefined, contextTokens: undefined };
  }
}

/** How llama.cpp, vLLM, SGLang and Ollama put it. */
const NO_PICTURES =
  /(?:image|vision|multi-?modal)(?: input| content| data)?s? (?:is|are) not supported|does not support (?:image|vision|multi-?modal)|not a multi-?modal model/i;
const BROKEN_PICTURE =
  /(?:failed|unable) to (?:load|decode|process) (?:the )?image|cannot identify image|invalid image/i;

/** An answer that is not 2xx. */
export function fromStatus(status: number, body: string, url: string, model: string): AppError {
  const { message, promptTokens, contextTokens } = readServerError(body.slice(0, 4000));
  const details = { url, status, promptTokens, contextTokens };
  const { origin } = new URL(url);
  const isContext = /context[ _](length|size|window)|maximum context|exceed_context|too many tokens/i.test(
    `${message} ${body}`,
  );
  if (status >= 400 && status < 500 && isContext)
    return new AppError(
      'model/context-exceeded',
      `The conversation no longer fits the server's context: ${message}`,
      {
        details,
      },
    );
  // llama.cpp says it with 500.
  if (status !== 401 && status !== 403 && NO_PICTURES.test(message))
    return new AppError(
      'input/unsupported',
      `The model of ${origin} takes no pictures: ${message}. Ask without the picture, or choose another model.`,
      { details },
    );
  if (BROKEN_PICTURE.test(message)) return unreadablePicture(model, new Error(message));
  if (status === 401 || status === 403)
    return new AppError(
      'network/blocked',
      `${origin} refused the key (${status}). Check the API key of this server.`,
      {
        details,
      },
    );
  if (status === 404 && url.endsWith('/models'))
    return new AppError(
      'model/not-found',
      `There is no OpenAI-compatible server at ${url.replace(/\/models$/, '')}. Check the address; it usually ends with /v1.`,
      { details },
    );
  if (status === 404)
    return new AppError('model/not-found', `${origin} does not know “${model}”: ${message}`, { details });
  if (status >= 400 && status < 500)
    return new AppError('input/unsupported', `${origin} refused the request (${status}): ${message}`, {
      details,
    });
  return new AppError('network/failed', `${origin} failed (${status}): ${message || 'no reason given'}`, {
    details,
  });
}
