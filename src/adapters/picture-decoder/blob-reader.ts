/** Bytes at any place of a blob, read in windows: a header may lie behind megabytes of other things. */
export interface BlobReader {
  readonly size: number;
  /** Fewer than asked for at the end. */
  read(at: number, length: number): Promise<DataView>;
}

const WINDOW_BYTES = 65_536;

export function createBlobReader(blob: Blob): BlobReader {
  let start = 0;
  let window = new Uint8Array(0);
  return {
    size: blob.size,
    async read(at, length) {
      const isInside = at >= start && at + length <= start + window.length;
      if (!isInside) {
        window = new Uint8Array(await blob.slice(at, at + Math.max(length, WINDOW_BYTES)).arrayBuffer());
        start = at;
      }
      const from = Math.min(at - start, window.length);
      return new DataView(window.buffer, from, Math.min(length, window.length - from));
    },
  };
}

/** Four letters; shorter at the end of the file. */
export function letters(view: DataView, at = 0): string {
  let text = '';
  for (let i = at; i < Math.min(at + 4, view.byteLength); i++) text += String.fromCharCode(view.getUint8(i));
  return text;
}
