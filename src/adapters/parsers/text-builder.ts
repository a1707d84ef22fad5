import type { DocumentLink, ParsedHeading } from '#core/ports/document-parser.ts';

/** Collects readable text: white space collapses as a browser would, breaks are asked for and never doubled. */
export interface TextBuilder {
  write(text: string): void;
  /** A list mark: what follows stays on its line. */
  mark(text: string): void;
  breakLine(): void;
  breakParagraph(): void;
  /** Between table cells; nothing at the start of a row. */
  breakCell(): void;
  /** White space is kept while this is on (nested calls count). */
  preserve(isOn: boolean): void;
  openHeading(level: number): void;
  closeHeading(): void;
  /** What is written until `closeLink` leads there. */
  openLink(href: string): void;
  closeLink(): void;
  finish(): {
    readonly text: string;
    readonly headings: readonly ParsedHeading[];
    readonly links: readonly DocumentLink[];
  };
}

const BREAKS = ['', ' ', ' | ', '\n', '\n\n'] as const;
const SPACE = 1;
const CELL = 2;
const LINE = 3;
const PARAGRAPH = 4;

export function createTextBuilder(): TextBuilder {
  const parts: string[] = [];
  const headings: ParsedHeading[] = [];
  let length = 0;
  /** Where the last character that is not white space ends. */
  let inkEnd = 0;
  /** The strongest break asked for since the last text. */
  let pending = 0;
  let preserving = 0;
  let lineStart = true;
  let isGlued = false;
  const links: DocumentLink[] = [];
  let link: { readonly href: string; start: number | undefined } | undefined;
  let heading: { level: number; start: number | undefined; parts: string[] } | undefined;

  const ask = (kind: number): void => {
    if (isGlued) return;
    pending = Math.max(pending, kind);
    if (kind >= LINE) lineStart = true;
  };
  const append = (text: string): void => {
    if (length > 0) {
      const separator = BREAKS[pending] ?? '';
      parts.push(separator);
      length += separator.length;
      if (heading && heading.start !== undefined && separator) heading.parts.push(' ');
    }
    pending = 0;
    lineStart = false;
    isGlued = false;
    if (heading) {
      heading.start ??= length;
      heading.parts.push(text);
    }
    // Kept white space is not part of what leads somewhere.
    if (link && text.trim() !== '') link.start ??= length + text.search(/\S/);
    parts.push(text);
    length += text.length;
    if (text.trim() !== '') inkEnd = length - (text.length - text.trimEnd().length);
  };

  return {
    write(text) {
      if (text === '') return;
      if (preserving > 0) {
        const body = text.replace(/\r\n?/g, '\n');
        if (body.trim() !== '' || pending < LINE) append(body);
        return;
      }
      // A no-break space never collapses, but words around it should match like any others.
      const collapsed = text.replace(/[ \t\n\f\r]+/g, ' ').replace(/\u00A0/g, ' ');
      const body = collapsed.trim();
      if (collapsed.startsWith(' ')) ask(SPACE);
      if (body === '') return;
      append(body);
      if (collapsed.endsWith(' ')) ask(SPACE);
    },
    mark(text) {
      append(text);
      isGlued = true;
    },
    breakLine: () => ask(LINE),
    breakParagraph: () => ask(PARAGRAPH),
    breakCell: () => {
      if (!lineStart) ask(CELL);
    },
    preserve(isOn) {
      preserving = Math.max(0, preserving + (isOn ? 1 : -1));
    },
    openHeading(level) {
      heading = { level, start: undefined, parts: [] };
    },
    closeHeading() {
      const text = heading?.parts.join('').replace(/\s+/g, ' ').trim();
      if (heading?.start !== undefined && text)
        headings.push({ level: heading.level, text, start: heading.start });
      heading = undefined;
    },
    openLink(href) {
      link = { href, start: undefined };
    },
    closeLink() {
      if (link?.start !== undefined && inkEnd > link.start)
        links.push({ start: link.start, end: inkEnd, href: link.href });
      link = undefined;
    },
    finish: () => ({ text: parts.join(''), headings, links }),
  };
}
