// The package describes nothing. What is used of it, as its glue (7.0.0) has it.
declare module 'tesseract.js-core/tesseract-core-simd-lstm.js' {
  interface TessBaseApi {
    /** 0 when it is ready. `mode` 1 = the neural engine only. */
    Init(dataPath: string | null, language: string, mode: number): number;
    SetPageSegMode(mode: number): void;
    SetVariable(name: string, value: string): boolean;
    /** Reads `/input` in the module's own file system; 0 when it could. */
    SetImageFile(exif: number, angle: number): number;
    /** 0 when it went well. */
    Recognize(monitor: null): number;
    GetJSONText(page: number): string;
    Clear(): void;
    End(): void;
  }
  interface TesseractModule {
    readonly TessBaseAPI: new () => TessBaseApi;
    readonly FS: {
      writeFile(path: string, bytes: Uint8Array): void;
      unlink(path: string): void;
    };
  }
  const create: (options: {
    readonly wasmBinary: ArrayBuffer;
    readonly print: (line: string) => void;
    readonly printErr: (line: string) => void;
  }) => Promise<TesseractModule>;

  // biome-ignore lint/style/noDefaultExport: it is how the package exports it
  export { create as default, type TessBaseApi, type TesseractModule };
}
declare module 'tesseract.js-core/tesseract-core-lstm.js' {
  export { default } from 'tesseract.js-core/tesseract-core-simd-lstm.js';
}
