/**
 * Endings that the dialog offers first. What is chosen is judged by its content; every other file can still be picked or
 * dropped, and is refused by name where it cannot be read.
 */
export const ACCEPTED_FILES = (
  'pdf docx docm xlsx xlsm csv tsv epub eml html htm xhtml md markdown txt text log rst org adoc tex json jsonl yaml yml ' +
  'toml ini xml css srt vtt js mjs cjs jsx ts mts cts tsx vue svelte py rb go rs java kt scala cs c h cc cpp hpp swift php ' +
  'dart zig pl sh bash lua sql ex exs r png jpg jpeg webp mp3 m4a ogg opus wav flac weba zip'
)
  .split(' ')
  .map((ending) => `.${ending}`)
  .join(',');
