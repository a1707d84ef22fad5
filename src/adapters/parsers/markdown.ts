import type { DocumentLink, DocumentParser, ParsedHeading } from '#core/ports/document-parser.ts';
import { breathe, throwIfAborted } from '#shared/breathe.ts';
import { decodeText } from './decode-text.ts';
import { MAX_TEXT_BYTES } from './limits.ts';
import { linkTarget } from './links.ts';
import { isPdf } from './sniff.ts';

const LINES_A_BREATH = 20_000;
/** More of a heading is not looked at: its marks are found in a time that grows with the square of its length. */
const MAX_HEADING_CHARACTERS = 1000;

/** `---` block at the very start (YAML front matter): its title is used, the rest is not text of the document. */
function splitFrontMatter(source: string): { readonly body: string; readonly title?: string } {
  const match = /^---[ \t]*\n([\s\S]{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(source);
  if (!match) return { body: source };
  const body = source.slice(match[0].length);
  const title = /^title:[ \t]*(.+)$/m
    .exec(match[1] ?? '')?.[1]
    ?.trim()
    .replace(/^(["'])(.*)\1$/, '$2');
  return title ? { body, title } : { body };
}

/** A heading as it reads: without marks of emphasis, code, links and closing hashes. */
function plain(inline: string): string {
  return inline
    .slice(0, MAX_HEADING_CHARACTERS)
    .replace(/[ \t]+#+[ \t]*$/, '')
    .replace(/!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/<[^>]*>/g, '')
    .replace(/(\*\*|__|~~|`+)(.+?)\1/g, '$2')
    .replace(/(^|\W)[*_](\S(?:.*?\S)?)[*_](?=\W|$)/g, '$1$2')
    .trim();
}

function fenceAfter(line: string, open: string | undefined): string | undefined {
  const fence = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
  if (!fence) return open;
  const marks = fence[1] ?? '';
  if (open === undefined) return marks.startsWith('`') && fence[2]?.includes('`') ? undefined : marks;
  const closes = marks[0] === open[0] && marks.length >= open.length && fence[2]?.trim() === '';
  return closes ? undefined : open;
}

/** [words](address), <address>, and code, in which neither means anything. */
const LINKS =
  /(`+)[^`].*?\1(?!`)|(?<!!)\[([^\]]+)\]\(<?([^\s()<>]+)>?(?:\s+["'(][^"')]*["')])?\)|<([a-z]+:[^\s<>]+)>/gi;

/** Inline links of one line; what is marked are the words, and `lineStart` is where the line begins. */
function* linksIn(line: string, lineStart: number): Generator<DocumentLink> {
  for (const { 0: whole, 2: words, 3: address, 4: bare, index } of line.matchAll(LINKS)) {
    const href = linkTarget(address ?? bare ?? '', undefined);
    if (href === undefined || (words ?? whole).trim() === '') continue;
    const start = lineStart + index + 1; // after the bracket
    yield { start, end: start + (words ?? bare ?? '').length, href };
  }
}

/** ATX and setext headings outside fenced code (CommonMark 4.2, 4.3), with the offset of their line; and links. */
async function outlineOf(text: string, signal: AbortSignal | undefined) {
  const links: DocumentLink[] = [];
  const headings: ParsedHeading[] = [];
  let fence: string | undefined;
  let previous = { line: '', start: 0 };
  let count = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, end);
    const wasFenced = fence !== undefined;
    fence = fenceAfter(line, fence);
    if (!wasFenced && fence === undefined) {
      links.push(...linksIn(line, start));
      const atx = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/.exec(line);
      const setext = /^ {0,3}(=+|-+)[ \t]*$/.exec(line);
      if (atx) headings.push({ level: atx[1]?.length ?? 1, text: plain(atx[2] ?? ''), start });
      else if (setext && /^ {0,3}[^\s>#*+-]/.test(previous.line))
        headings.push({
          level: line.includes('=') ? 1 : 2,
          text: plain(previous.line),
          start: previous.start,
        });
      previous = { line: atx || setext ? '' : line, start };
    } else previous = { line: '', start };
    start = end + 1;
    if (++count % LINES_A_BREATH === 0) {
      await breathe();
      throwIfAborted(signal);
    }
  }
  return { headings: headings.filter((heading) => heading.text !== ''), links };
}

/** Markdown keeps its source as the text: offsets stay those of the file's body, and a model reads it well. */
export function createMarkdownParser(): DocumentParser {
  return {
    id: 'markdown',
    version: 2,
    maxBytes: MAX_TEXT_BYTES,
    accepts: ({ name, mediaType, head }) =>
      !isPdf(head) &&
      (/\.(?:md|markdown|mdown|mkd|mdx|qmd)$/i.test(name) || /^text\/(?:x-)?markdown/.test(mediaType)),
    async parse(file, options) {
      const { body, title: named } = splitFrontMatter(await decodeText(file, options));
      const { headings, links } = await outlineOf(body, options?.signal);
      const title = named ?? headings.find((heading) => heading.level === 1)?.text;
      return { text: body, pages: [], headings, links, boxes: [], ...(title === undefined ? {} : { title }) };
    },
  };
}
