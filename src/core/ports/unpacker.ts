import type { CallOptions } from '#shared/call.ts';

/** A file in a container. Nothing of it is unpacked until it is asked for. */
export interface PackedFile {
  /** Its path in the container, with forward slashes; it never leads out of it. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Its first bytes (up to 4096), enough to tell what it is. */
  head(options?: CallOptions): Promise<Uint8Array>;
  /**
   * All of it, under the given name.
   * Errors: input/too-large (unpacks to more than it may), input/password-protected, input/unsupported, input/invalid.
   */
  open(name: string, options?: CallOptions): Promise<File>;
}

/** A container is not a document: it yields files. */
export interface Unpacker {
  readonly id: string;
  accepts(file: { readonly name: string; readonly mediaType: string; readonly head: Uint8Array }): boolean;
  /**
   * What a container holds, folders left out.
   * Errors: input/invalid (damaged, empty), input/too-large (more files or bytes than it may unpack to).
   */
  list(file: Blob, options?: CallOptions): Promise<readonly PackedFile[]>;
}
