import type { ModelSpec } from '#core/ports/model.ts';
import type { GgufHeader } from './gguf-header.ts';

interface HashedFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

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
  const memoryBytes = (sizeBytes + (projector?.sizeBytes ?? 0)) * 1.25 + (projector ? SIGHT_BUFFER_BYTES : 0);
  return {
    id: `import-${slug}-${sha256.slice(0, 8)}`,
    task: 'chat',
    engine: 'wllama',
    label: header.name ?? base,
    licence: header.licence ?? 'unknown',
    contextTokens: header.contextTokens,
    languages: [],
    needs: { gpu: 'optional', shaderF16: false, memoryBytes: Math.round(memoryBytes) },
    files: [{ path, sizeBytes, sha256 }, ...(projector ? [projectorFile(projector, path)] : [])],
    sources: [{ kind: 'import' }],
    quantization: header.quantization,
    ...(header.parameters > 0 ? { parameters: header.parameters } : {}),
    summary: header.hasChatTemplate
      ? 'Imported from this computer.'
      : 'Imported from this computer. It has no chat template: it may complete text rather than answer.',
    ...(projector ? { seesImages: true } : {}),
    isImported: true,
  };
}

const fileName = ({ name }: HashedFile): string => name.replace(/[^\w.() -]/g, '_');

/** Under its own name, unless the model has the same. */
function projectorFile(projector: HashedFile, modelPath: string) {
  const { sizeBytes, sha256 } = projector;
  const name = fileName(projector);
  return { path: name === modelPath ? `mmproj-${name}` : name, sizeBytes, sha256 };
}
