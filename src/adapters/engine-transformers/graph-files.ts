import type { ModelSpec } from '#core/ports/model.ts';
import type { SessionFiles } from './runtime.ts';

/** A graph, and what it keeps outside of itself. */
export async function readGraph(
  model: ModelSpec,
  path: string,
  open: (path: string) => Promise<Blob>,
): Promise<Pick<SessionFiles, 'model' | 'external'>> {
  const read = async (name: string): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await (await open(name)).arrayBuffer());
  const external = model.files.filter((file) => file.path.startsWith(`${path}_data`));
  return {
    model: await read(path),
    external: await Promise.all(
      external.map(async (file) => ({
        path: file.path.split('/').at(-1) ?? file.path,
        data: await read(file.path),
      })),
    ),
  };
}
