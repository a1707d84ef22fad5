import type { CallOptions } from '#shared/call.ts';
import type { ModelFile, ModelSpec } from './model.ts';

export interface StoredModel {
  readonly modelId: string;
  /** Bytes on disk now, partial files included. */
  readonly storedBytes: number;
  /** Undefined while a file's size is not known yet. */
  readonly totalBytes?: number;
  /** Every file is here and its hash was checked. */
  readonly isComplete: boolean;
  readonly addedAt: number;
}

/**
 * Model files on this machine. Nothing is stored twice; every file's SHA-256 is checked before first use.
 * Errors: model/not-found, model/integrity, network/offline, network/blocked, network/failed, storage/quota-exceeded,
 * input/invalid (an import that is not a model).
 */
export interface ModelStore {
  list(input: null, options?: CallOptions): Promise<readonly StoredModel[]>;
  /** A model's files with the sizes and hashes that its record leaves to the hub; asks nobody when none are left. */
  filesOf(input: { readonly model: ModelSpec }, options?: CallOptions): Promise<readonly ModelFile[]>;
  /** Resumes a partial download (HTTP Range). Abort keeps the part. Progress: bytes over all files, phase download then verify. */
  download(input: { readonly model: ModelSpec }, options?: CallOptions): Promise<StoredModel>;
  /**
   * Copies a file from disk in, and with it the projector (`mmproj`) that lets it see; progress in bytes. Returns the spec
   * that was read from the file's own header. A projector alone is input/invalid.
   */
  importFile(
    input: { readonly file: File; readonly projector?: File },
    options?: CallOptions,
  ): Promise<ModelSpec>;
  /** A complete, verified file, backed by disk (not memory). */
  openFile(input: { readonly modelId: string; readonly path: string }, options?: CallOptions): Promise<File>;
  remove(input: { readonly modelId: string }, options?: CallOptions): Promise<void>;
}
