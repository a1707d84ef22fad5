import type { ModelFile, ModelSpec } from '#core/ports/model.ts';
import { AppError } from '#shared/errors.ts';

/** Nothing is left for the hub to state: every file has its size and hash in the catalog itself. */
export const areFilesKnown = ({ files }: ModelSpec): boolean =>
  files.length > 0 && files.every(({ sizeBytes, sha256 }) => sizeBytes !== undefined && sha256 !== undefined);

/** A record that says what a model's files were at its first download, of the same source as the model has now. */
export function pinsOf(model: ModelSpec, record: ModelSpec | undefined): readonly ModelFile[] {
  if (record === undefined || JSON.stringify(record.sources) !== JSON.stringify(model.sources)) return [];
  return record.files;
}

/**
 * The model with its files as they are to be downloaded: what the catalog states, else what was pinned, else what the hub
 * states now. Errors: model/integrity when the hub states another hash than the one that was pinned.
 */
export function pinFiles(
  model: ModelSpec,
  stated: readonly ModelFile[],
  pinned: readonly ModelFile[],
): ModelSpec {
  const now = new Map(stated.map((file) => [file.path, file]));
  for (const { path, sha256 } of pinned) {
    const other = now.get(path)?.sha256;
    if (sha256 === undefined || other === undefined || other === sha256) continue;
    throw new AppError(
      'model/integrity',
      `“${model.label}” has changed at the model hub since it was first downloaded here: ${path} has another SHA-256. Nothing of it was taken. If you know of a new version and trust it, take the new files; otherwise choose another model.`,
      { details: { path, pinned: sha256, stated: other } },
    );
  }
  const before = new Map(pinned.map((file) => [file.path, file]));
  // An empty list is the hub's to fill: once it was, it stays as it was.
  const files = model.files.length > 0 ? model.files : pinned.length > 0 ? pinned : stated;
  return {
    ...model,
    files: files.map((file) => ({ ...now.get(file.path), ...before.get(file.path), ...file })),
  };
}
