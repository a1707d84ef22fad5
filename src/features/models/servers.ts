import type { ModelSpec } from '#core/ports/model.ts';
import { AppError } from '#shared/errors.ts';

export interface ServerChoice {
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly remoteModel: string;
  readonly contextTokens: number;
  /** Pictures are sent to it. */
  readonly seesImages?: boolean;
}

/** An address as the engine wants it: http or https, without a trailing slash. Errors: input/invalid. */
export function serverAddress(typed: string): string {
  const trimmed = typed.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '')
    throw new AppError(
      'input/invalid',
      'This is not an address. It looks like http://127.0.0.1:8000/v1 or https://models.example.org/v1.',
    );
  if (url.username !== '' || url.password !== '')
    throw new AppError('input/invalid', 'Put the key into its own field, not into the address.');
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** A server on this very computer: what is written to it does not leave the device. */
export function isOnThisMachine(baseUrl: string): boolean {
  const host = URL.parse(baseUrl)?.hostname ?? '';
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d+){3}$/.test(host);
}

/** The record of a server's model. The same model of the same server has the same id. */
export function serverModel(choice: ServerChoice): ModelSpec {
  const { baseUrl, apiKey, remoteModel, contextTokens, seesImages = false } = choice;
  const { host } = new URL(baseUrl);
  const id = `server-${host}-${remoteModel}`.replace(/[^\w.-]+/g, '-');
  return {
    id,
    task: 'chat',
    engine: 'openai',
    label: `${remoteModel} on ${host}`,
    licence: 'unknown',
    contextTokens,
    languages: [],
    needs: { gpu: 'none', shaderF16: false, memoryBytes: 0 },
    files: [],
    sources: [],
    quantization: 'unknown',
    summary: isOnThisMachine(baseUrl)
      ? 'Another program on this computer answers. Chats and passages are sent to it.'
      : 'A server that you added answers. Chats and the passages they use are sent to it.',
    baseUrl,
    remoteModel,
    ...(seesImages ? { seesImages } : {}),
    ...(apiKey ? { apiKey } : {}),
  };
}
