export type DocxBlock =
  | string
  | { readonly heading: string /** 0 = the title */; readonly level: number }
  | { readonly table: readonly (readonly string[])[] }
  | { readonly xml: string };

export interface DocxInput {
  readonly title?: string;
  readonly blocks: readonly DocxBlock[];
  readonly media?: Readonly<Record<string, Uint8Array>>;
}

export type XlsxCell = string | number | boolean | Date | null;

export interface XlsxInput {
  readonly sheets: readonly {
    readonly name: string;
    readonly isHidden?: boolean;
    readonly rows: readonly (readonly XlsxCell[])[];
  }[];
}

export interface EpubInput {
  readonly title: string;
  readonly chapters: readonly { readonly label: string; readonly body: string }[];
  readonly extra?: Readonly<Record<string, string | Uint8Array>>;
}

export function writeZip(
  files: Readonly<Record<string, string | Uint8Array>>,
  options?: { readonly level?: 0 | 6 },
): Uint8Array<ArrayBuffer>;
export function writeDocx(input: DocxInput): Uint8Array<ArrayBuffer>;
export function writeXlsx(input: XlsxInput): Uint8Array<ArrayBuffer>;
export function writeEpub(input: EpubInput): Uint8Array<ArrayBuffer>;
