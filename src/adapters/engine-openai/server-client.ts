import * as v from 'valibot';
import type { ModelSpec } from '#core/ports/model.ts';
import { AppError } from '#shared/errors.ts';
import { fromFetchFailure, fromStatus } from './to-app-error.ts';

export type Fetch = typeof globalThis.fetch;

export type ServerAddress = Pick<ModelSpec, 'label' | 'baseUrl' | 'remoteModel' | 'apiKey'>;

export interface ServerClient {
  /** Base URL without a trailing slash, `/v1` included where the server wants it. */
  readonly baseUrl: string;
  readonly modelName: string;
  /** For people. */
  readonly label: string;
  /** Rejects with a typed error unless the answer is 2xx. */
  request(path: string, body: unknown, signal?: AbortSignal): Promise<Response>;
  json<S extends v.GenericSchema>(
    schema: S,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<v.InferOutput<S>>;
}

/** Requests to one server. Paths that start with `../` are beside `/v1` (llama.cpp's and vLLM's own end points). */
export function createServerClient(model: ServerAddress, fetch: Fetch): ServerClient {
  const { baseUrl: address, remoteModel } = model;
  if (address === undefined || remoteModel === undefined)
    throw new AppError('input/invalid', `“${model.label}” has no server address. Add the server again.`);
  const baseUrl = address.replace(/\/+$/, '');
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (model.apiKey) headers.authorization = `Bearer ${model.apiKey}`;

  async function request(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
    const url = path.startsWith('../')
      ? new URL(path.slice(3), `${baseUrl.replace(/\/v\d+$/, '')}/`).href
      : `${baseUrl}/${path}`;
    let response: Response;
    const policy = watchPolicy(url);
    try {
      response = await fetch(url, {
        method: body === undefined ? 'GET' : 'POST',
        headers,
        credentials: 'omit',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      throw fromFetchFailure(error, url, await policy.refused());
    } finally {
      policy.end();
    }
    if (!response.ok)
      throw fromStatus(response.status, await response.text().catch(() => ''), url, model.label);
    return response;
  }

  return {
    baseUrl,
    modelName: remoteModel,
    label: model.label,
    request,
    async json(schema, path, body, signal) {
      const response = await request(path, body, signal);
      const parsed = v.safeParse(schema, await response.json().catch(() => undefined));
      if (parsed.success) return parsed.output;
      throw new AppError(
        'input/invalid',
        `${new URL(baseUrl).origin} does not answer like an OpenAI server.`,
        {
          details: { path, issue: parsed.issues[0]?.message },
        },
      );
    },
  };
}

/** Browsers report a request that the page's own security policy refused as an event, a moment after it failed. */
function watchPolicy(url: string): { refused(): Promise<boolean>; end(): void } {
  const { origin } = new URL(url);
  let isRefused = false;
  const onViolation = (event: Event): void => {
    const { blockedURI } = event as SecurityPolicyViolationEvent;
    isRefused ||= blockedURI === url || blockedURI.startsWith(origin);
  };
  // In a page the event is dispatched on the document and bubbles up to the window.
  globalThis.addEventListener('securitypolicyviolation', onViolation);
  return {
    async refused() {
      await new Promise((resolve) => setTimeout(resolve));
      return isRefused;
    },
    end: () => globalThis.removeEventListener('securitypolicyviolation', onViolation),
  };
}
