export interface PdfPage {
  /** Size in points; A4 unless told. */
  width?: number;
  height?: number;
  /** Degrees clockwise, /Rotate. */
  rotate?: 0 | 90 | 180 | 270;
  /** PDF drawing operators. */
  content: string;
  /** Painted by `/Im0 Do`, on the unit square. */
  picture?: { width: number; height: number; jpeg: Uint8Array };
}
export interface PdfOutlineEntry {
  title: string;
  /** 0-based. */
  page: number;
  depth: number;
}
export interface PdfInput {
  pages: PdfPage[];
  title?: string;
  outline?: PdfOutlineEntry[];
  /** Locks the file with this user password (RC4 128 bit, standard handler revision 3). */
  password?: string;
  /** MD5 of bytes; needed for a password. */
  md5?: (bytes: Uint8Array) => Uint8Array;
  /** Deflates content streams with zlib. */
  deflate?: (bytes: Uint8Array) => Uint8Array;
}
export declare function writePdf(input: PdfInput): Uint8Array<ArrayBuffer>;
/** Operators that show one line of text in font F1 (Helvetica), F2 (bold) or F3 (Courier), y from the top. */
export declare function textAt(
  x: number,
  top: number,
  size: number,
  text: string,
  font?: 'F1' | 'F2' | 'F3',
  pageHeight?: number,
): string;
export declare function textWidth(text: string, size: number): number;
/** Breaks text into lines of at most `width` points, hyphenating nothing. */
export declare function wrap(text: string, size: number, width: number): string[];
