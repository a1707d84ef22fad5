const MEGABYTE = 2 ** 20;

/** Files with more bytes than these are refused before they are read; each parser says its own. */
export const MAX_PDF_BYTES = 1024 * MEGABYTE;
export const MAX_TEXT_BYTES = 256 * MEGABYTE;
/** A parsed tree takes some 20 times its source in memory. */
export const MAX_PAGE_BYTES = 64 * MEGABYTE;
/** With its attachments, which are never decoded. */
export const MAX_MAIL_BYTES = 512 * MEGABYTE;
/** Decoded in one piece by the browser; see docs/decisions. */
export const MAX_SOUND_BYTES = 256 * MEGABYTE;
/** Documents that are archives within. */
export const MAX_PACKAGE_BYTES = 1024 * MEGABYTE;
