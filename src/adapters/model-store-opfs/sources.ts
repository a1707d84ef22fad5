import * as v from 'valibot';
import { libraryFile } from '#core/models/index.ts';
import type { ModelFile, ModelSpec } from '#core/ports/model.ts';
import { AppError } from '#shared/errors.ts';
import { toNetworkError } from './to-app-error.ts';

const HUB = 'https://huggingface.co';

const treeSchema = v.array(
  v.object({
    type: v.string(),
    path: v.string(),
    size: v.number(),
    lfs: v.nullish(v.object({ oid: v.string() })),
  }),
);

export type FetchLike = typeof globalThis.fetch;

export interface Origin {
  readonly name: 'mirror' | 'hub';
  url(path: string): string;
}

function segmentPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** A WebLLM model's compiled library, where it is not among the weights but at an address of its own. */
function libraryElsewhere({ library }: ModelSpec): string | undefined {
  return library !== undefined && URL.canParse(library) ? library : undefined;
}

/** Where a model's files can come from in a browser, best first: the page's own server, then the hub. */
export function originsOf(model: ModelSpec, mirror: string): readonly Origin[] {
  const origins: Origin[] = [
    { name: 'mirror', url: (path) => new URL(`${segmentPath(model.id)}/${segmentPath(path)}`, mirror).href },
  ];
  const library = libraryElsewhere(model);
  for (const source of model.sources)
    if (source.kind === 'hub')
      origins.push({
        name: 'hub',
        url: (path) =>
          library !== undefined && path === libraryFile(model)
            ? library
            : `${HUB}/${source.repo}/resolve/${source.revision}/${segmentPath(source.paths?.[path] ?? path)}`,
      });
  return origins;
}

/** Weights, tokenizers and configurations; not the hub's own housekeeping. */
function isNeeded(path: string): boolean {
  return !/^(\.gitattributes|README\.md|LICENSE.*|logs\/.*)$/i.test(path);
}

/**
 * Sizes and hashes that the catalog does not state, from the hub's file tree: the LFS oid is the file's SHA-256.
 * An empty file list means all files of the repository, and the library (WebLLM's prebuilt models).
 */
export async function completeFiles(
  model: ModelSpec,
  fetch: FetchLike,
  signal?: AbortSignal,
): Promise<readonly ModelFile[]> {
  const isKnown = model.files.length > 0 && model.files.every(({ sizeBytes, sha256 }) => sizeBytes && sha256);
  const hub = model.sources.find((source) => source.kind === 'hub');
  if (isKnown || hub === undefined) return model.files;
  const url = `${HUB}/api/models/${hub.repo}/tree/${hub.revision}?recursive=true`;
  let response: Response;
  try {
    response = await fetch(url, { credentials: 'omit', ...(signal ? { signal } : {}) });
  } catch (error) {
    if (model.files.length > 0 && !signal?.aborted) return model.files; // the mirror may have them all the same
    throw toNetworkError(error, url);
  }
  if (!response.ok)
    throw new AppError(
      'model/not-found',
      `The model hub does not have “${model.label}” any more (${response.status}).`,
      {
        details: { url },
      },
    );
  const tree = v.parse(treeSchema, await response.json());
  const byPath = new Map(tree.filter(({ type }) => type === 'file').map((entry) => [entry.path, entry]));
  const withOid = (path: string, file: ModelFile): ModelFile => {
    const entry = byPath.get(hub.paths?.[path] ?? path);
    return {
      ...file,
      ...(file.sizeBytes === undefined && entry ? { sizeBytes: entry.size } : {}),
      ...(file.sha256 === undefined && entry?.lfs ? { sha256: entry.lfs.oid } : {}),
    };
  };
  if (model.files.length > 0) return model.files.map((file) => withOid(file.path, file));
  const library = libraryElsewhere(model) === undefined ? undefined : libraryFile(model);
  const paths = [...byPath.keys()].filter((path) => isNeeded(path) && path !== library);
  return [...(library ? [{ path: library }] : []), ...paths.map((path) => withOid(path, { path }))];
}
