import type { CallOptions } from '#shared/call.ts';
import type { PromptImage } from './chat-engine.ts';

/** Pixels of the longer side of what a chat model is given. */
export const MOST_PROMPT_SIDE = 1536;

/** A picture as a chat model is given it. */
interface PromptPicture extends PromptImage {
  /** SHA-256 of its bytes, hex. */
  readonly sha256: string;
}

/** Makes any picture one that a chat model can be given. Off the page. */
export interface PromptPictures {
  /**
   * Upright, on white where it is transparent, at most MOST_PROMPT_SIDE pixels a side: PNG where the file keeps every pixel
   * (screenshots, drawings, scans of text), else JPEG. The same file gives the same bytes. Errors: as PictureDecoder.
   */
  prepare(
    input: { readonly file: Blob; readonly name: string },
    options?: CallOptions,
  ): Promise<PromptPicture>;
}
