import type { CallOptions } from '#shared/call.ts';
import { AppError, isAbort } from '#shared/errors.ts';

/** A file of our own server, whole. Progress in bytes. Errors: network/failed, abort/by-user. */
export async function fetchBytes(
  url: string,
  label: string,
  { signal, onProgress }: CallOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(url, signal ? { signal } : {});
    if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let done = 0;
    for (const reader = response.body.getReader(); ; ) {
      const { done: isOver, value } = await reader.read();
      if (isOver) break;
      parts.push(value);
      done += value.length;
      onProgress?.({ phase: 'download', done, unit: 'bytes', label });
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  } catch (error) {
    if (isAbort(error)) throw new AppError('abort/by-user', 'Stopped.', { cause: error });
    throw new AppError(
      'network/failed',
      `${label} could not be fetched (${error instanceof Error ? error.message : String(error)}). Go online and try again; afterwards it works without a network.`,
      { cause: error },
    );
  }
}

/** Some servers unpack a .gz file on its way, and some do not: its first bytes tell. */
export async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
