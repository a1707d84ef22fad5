import type { CallOptions } from '#shared/call.ts';

/** A rectangle on a page, in PDF points from the page's top left corner, and the characters it covers. */
export interface TextBox {
  readonly start: number;
  readonly end: number;
  /** 1-based. */
  readonly page: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ParsedPage {
  /** 1-based. */
  readonly number: number;
  /** Character offsets into `text`, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** In PDF points, unrotated; pixels for a picture. */
  readonly width: number;
  readonly height: number;
  /** Its text was recognized in a picture: how sure that was, 0 to 1, over all its characters. */
  readonly confidence?: number;
}

export interface ParsedHeading {
  /** 1 is the top. */
  readonly level: number;
  readonly text: string;
  readonly start: number;
  /** Where its section begins when that is before the heading itself: the comment above a function. */
  readonly sectionStart?: number;
}

/** Words that lead somewhere: an absolute address of http, https or mailto. Nothing is ever fetched from it. */
export interface DocumentLink {
  readonly start: number;
  readonly end: number;
  readonly href: string;
}

/** Characters that were said from one second of a recording to another. */
export interface ParsedTime {
  /** Character offsets into `text`, end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly seconds: number;
  readonly untilSeconds: number;
}

/** What every parser yields. All offsets are UTF-16 code units into `text`. */
export interface ParsedDocument {
  readonly text: string;
  readonly title?: string;
  /** Empty for formats without pages. */
  readonly pages: readonly ParsedPage[];
  readonly headings: readonly ParsedHeading[];
  /** Empty for formats without positions; one per text run, in text order. */
  readonly boxes: readonly TextBox[];
  /** In text order, apart from each other; absent for formats that know no links. */
  readonly links?: readonly DocumentLink[];
  /** Where it was saved from, as it says itself; http or https. */
  readonly source?: string;
  /** In text order, apart from each other; absent for what is not a recording. */
  readonly times?: readonly ParsedTime[];
}

/**
 * One format to text with offsets.
 * Errors: input/invalid (broken, empty, not what its name says), input/password-protected, input/too-large, input/unsupported.
 */
export interface DocumentParser {
  readonly id: string;
  /** Raised whenever the same bytes would give other text or offsets. */
  readonly version: number;
  /** Larger files are input/too-large; whoever has the size refuses them before they are stored or unpacked. */
  readonly maxBytes: number;
  /** A recording: its text is what a speech recognizer wrote down, where the user asked for that. */
  readonly isRecording?: boolean;
  /** Decides by content first (magic bytes), then by name and media type. */
  accepts(file: { readonly name: string; readonly mediaType: string; readonly head: Uint8Array }): boolean;
  parse(file: Blob, options?: CallOptions): Promise<ParsedDocument>;
}
