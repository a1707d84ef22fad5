import type { ModelFile, ModelSpec } from '#core/ports/model.ts';
import type { GgufHeader } from './gguf-header.ts';

interface HashedFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** A file takes about a quarter more in memory: the cache, and what is computed with. */
const MEMORY_FACTOR = 1.25;
/** What llama.cpp computes with while it looks at a picture, beside the projector's weights. */
const SIGHT_BUFFER_BYTES = 150e6;

/** The spec of an imported GGUF file, from what it says of itself; with its projector it sees. */
export function specFromGguf(header: GgufHeader, file: HashedFile, projector?: HashedFile): ModelSpec {
  const { sizeBytes, sha256 } = file;
  const base = file.name.replace(/\.gguf$/i, '');
  const slug = base
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .slice(0, 60);
  const path = fileName(file);
  const model: ModelSpec = {
    id: `import-${slug}-${sha256.slice(0, 8)}`,
    task: 'chat',
    engine: 'wllama',
    label: header.name ?? base,
    licence: header.licence ?? 'unknown',
    contextTokens: header.contextTokens,
    languages: [],
    needs: { gpu: 'optional', shaderF16: false, memoryBytes: Math.round(sizeBytes * MEMORY_FACTOR) },
    files: [{ path, sizeBytes, sha256 }],
    sources: [{ kind: 'import' }],
    quantization: header.quantization,
    ...(header.parameters > 0 ? { parameters: header.parameters } : {}),
    summary: header.hasChatTemplate
      ? 'Imported from this computer.'
      : 'Imported from this computer. It has no chat template: it may complete text rather than answer.',
    isImported: true,
  };
  if (projector === undefined) return model;
  const name = fileName(projector);
  return withSight(model, {
    path: name === path ? `mmproj-${name}` : name,
    sizeBytes: projector.sizeBytes,
    sha256: projector.sha256,
  });
}

/** The same model with a projector among its files. */
export function withSight(
  model: ModelSpec,
  projector: ModelFile & { readonly sizeBytes: number },
): ModelSpec {
  const { needs, files } = model;
  const memoryBytes = needs.memoryBytes + projector.sizeBytes * MEMORY_FACTOR + SIGHT_BUFFER_BYTES;
  return {
    ...model,
    needs: { ...needs, memoryBytes: Math.round(memoryBytes) },
    files: [...files, projector],
    seesImages: true,
  };
}

const fileName = ({ name }: HashedFile): string => name.replace(/[^\w.() -]/g, '_');
