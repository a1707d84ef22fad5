import type { ModelSpec } from '#core/ports/model.ts';
import type { GgufHeader } from './gguf-header.ts';

/** The spec of an imported GGUF file, from what it says of itself. */
export function specFromGguf(
  header: GgufHeader,
  file: { readonly name: string; readonly sizeBytes: number; readonly sha256: string },
): ModelSpec {
  const { sizeBytes, sha256 } = file;
  const base = file.name.replace(/\.gguf$/i, '');
  const slug = base
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .slice(0, 60);
  return {
    id: `import-${slug}-${sha256.slice(0, 8)}`,
    task: 'chat',
    engine: 'wllama',
    label: header.name ?? base,
    licence: header.licence ?? 'unknown',
    contextTokens: header.contextTokens,
    languages: [],
    needs: { gpu: 'optional', shaderF16: false, memoryBytes: Math.round(sizeBytes * 1.25) },
    files: [{ path: file.name.replace(/[^\w.() -]/g, '_'), sizeBytes, sha256 }],
    sources: [{ kind: 'import' }],
    quantization: header.quantization,
    ...(header.parameters > 0 ? { parameters: header.parameters } : {}),
    summary: header.hasChatTemplate
      ? 'Imported from this computer.'
      : 'Imported from this computer. It has no chat template: it may complete text rather than answer.',
    isImported: true,
  };
}
