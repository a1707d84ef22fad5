import type { DocumentLink, ParsedDocument, ParsedHeading } from '#core/ports/document-parser.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { readHtml } from './html-text.ts';
import { missingPart, openPackage } from './office-package.ts';
import { nameOf } from './sniff.ts';
import { attributesOf, decodeXml, eachElement, eachTag, textOfTag } from './xml-scan.ts';
import type { ZipArchive } from './zip-archive.ts';

const KIND = { noun: 'book', ending: '.epub' };
/** A chapter's tree takes some 20 times its source in memory. */
const MAX_CHAPTER_BYTES = 32 * 2 ** 20;
const MAX_CHARACTERS = 64 * 2 ** 20;
const CONTAINER = 'META-INF/container.xml';
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i;

type Read = (path: string) => Promise<string | undefined>;

function readerOf(archive: ZipArchive, signal: AbortSignal | undefined): Read {
  return async (path) => {
    const entry = archive.find(path);
    if (entry === undefined) return undefined;
    return new TextDecoder().decode(await archive.bytes(entry, { maxBytes: MAX_CHAPTER_BYTES, signal }));
  };
}

/** `href` as a path in the archive, seen from the file it stands in. */
function resolve(base: string, href: string): string {
  const [path = ''] = href.split('#');
  const parts = path.startsWith('/') ? [] : base.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  const joined = parts.join('/');
  try {
    return decodeURIComponent(joined);
  } catch {
    return joined;
  }
}

/** HTML knows no `<title/>`: without this it would swallow the rest of the chapter. */
function asHtml(xhtml: string): string {
  return xhtml.replace(/<([a-zA-Z][\w:-]*)((?:\s[^<>]*)?)\/>/g, (whole, tag, rest) =>
    VOID.test(tag) ? whole : `<${tag}${rest}></${tag}>`,
  );
}

/** Names of chapters by their file, from the table of contents of EPUB 3 or 2. */
function labelsOf(toc: string, tocPath: string): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  const add = (href: string, label: string): void => {
    const path = resolve(tocPath, href);
    const shown = decodeXml(label.replace(/<[^<>]*>/g, ' '))
      .replace(/\s+/g, ' ')
      .trim();
    if (shown !== '' && !labels.has(path)) labels.set(path, shown);
  };
  for (const { attributes, inner } of eachElement(toc, 'a')) {
    const href = attributesOf(attributes).get('href');
    if (href !== undefined) add(href, inner);
  }
  for (const [, label = '', attributes = ''] of toc.matchAll(
    /<(?:\w+:)?text>([^<]*)<\/(?:\w+:)?text>\s*<\/(?:\w+:)?navLabel>\s*<(?:\w+:)?content(\s[^<>]*?)\/?>/g,
  ))
    add(attributesOf(attributes).get('src') ?? '', label);
  return labels;
}

interface Book {
  readonly title: string | undefined;
  /** Paths of the chapters in reading order. */
  readonly spine: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
}

async function openBook(read: Read): Promise<Book> {
  const container = await read(CONTAINER);
  if (container === undefined) throw missingPart(KIND.noun, CONTAINER);
  const [root] = eachTag(container, 'rootfile');
  const path = root?.get('full-path') ?? '';
  const opf = await read(path);
  if (opf === undefined) throw missingPart(KIND.noun, path || 'the package file');
  const items = new Map<string, ReadonlyMap<string, string>>();
  let tocPath: string | undefined;
  for (const item of eachTag(opf, 'item')) {
    items.set(item.get('id') ?? '', item);
    const isToc =
      /\bnav\b/.test(item.get('properties') ?? '') || item.get('media-type') === 'application/x-dtbncx+xml';
    if (isToc) tocPath ??= resolve(path, item.get('href') ?? '');
  }
  const spine = Array.from(eachTag(opf, 'itemref')).flatMap((reference) => {
    const item = items.get(reference.get('idref') ?? '');
    const isText = /xhtml|html/.test(item?.get('media-type') ?? '');
    return item && isText ? [resolve(path, item.get('href') ?? '')] : [];
  });
  const toc = tocPath === undefined ? undefined : await read(tocPath);
  return {
    title: textOfTag(opf, 'dc:title'),
    spine,
    labels: toc === undefined || tocPath === undefined ? new Map() : labelsOf(toc, tocPath),
  };
}

/** Books with rights management have their chapters encrypted; scrambled fonts alone do not matter. */
async function refuseLocked(read: Read, spine: readonly string[]): Promise<void> {
  const encryption = await read('META-INF/encryption.xml');
  if (encryption === undefined) return;
  const locked = new Set(
    Array.from(eachTag(encryption, 'CipherReference'), (each) => resolve('', each.get('URI') ?? '')),
  );
  if (spine.some((path) => locked.has(path)))
    throw new AppError(
      'input/password-protected',
      'This book is locked by its seller (DRM) and can only be read in their program. Add a copy without the lock, if you have one.',
    );
}

function shifted(links: readonly DocumentLink[] = [], by: number): DocumentLink[] {
  return links.map((link) => ({ ...link, start: link.start + by, end: link.end + by }));
}

/** Its headings, or its name from the table of contents as a first line where it has none. */
function withHeading(chapter: ParsedDocument, label: string | undefined): ParsedDocument {
  if (label === undefined || chapter.headings.length > 0) return chapter;
  const at = chapter.text.slice(0, 200).toLowerCase().indexOf(label.toLowerCase());
  if (at >= 0)
    return {
      ...chapter,
      headings: [{ level: 1, text: chapter.text.slice(at, at + label.length), start: at }],
    };
  const text = `${label}\n\n${chapter.text}`;
  const links = shifted(chapter.links, text.length - chapter.text.length);
  return { ...chapter, text, links, headings: [{ level: 1, text: label, start: 0 }] };
}

/** Errors: those of openPackage, input/invalid (no chapters), input/password-protected, input/too-large. */
export async function readEpub(file: Blob, options: CallOptions | undefined): Promise<ParsedDocument> {
  const signal = options?.signal;
  throwIfAborted(signal);
  const read = readerOf(await openPackage(file, KIND), signal);
  const { title, spine, labels } = await openBook(read);
  await refuseLocked(read, spine);
  const headings: ParsedHeading[] = [];
  const links: DocumentLink[] = [];
  const parts: string[] = [];
  let length = 0;
  for (const [i, path] of spine.entries()) {
    const source = await read(path);
    if (source === undefined) throw missingPart(KIND.noun, path);
    const chapter = withHeading(await readHtml(asHtml(source), signal), labels.get(path));
    options?.onProgress?.({
      phase: 'parse',
      done: i + 1,
      total: spine.length,
      unit: 'fraction',
      label: nameOf(file),
    });
    if (chapter.text.trim() === '') continue;
    const separator = length > 0 ? '\n\n' : '';
    for (const heading of chapter.headings)
      headings.push({ ...heading, start: heading.start + length + separator.length });
    links.push(...shifted(chapter.links, length + separator.length));
    parts.push(separator, chapter.text);
    length += separator.length + chapter.text.length;
    if (length > MAX_CHARACTERS)
      throw new AppError(
        'input/too-large',
        `This book has more than ${MAX_CHARACTERS / 2 ** 20} million characters. Split it and add the parts.`,
      );
  }
  if (length === 0)
    throw new AppError(
      'input/invalid',
      'There is no text in this book: its pages may be pictures. Add it as a PDF with a text layer.',
    );
  throwIfAborted(signal);
  return {
    text: parts.join(''),
    headings,
    links,
    pages: [],
    boxes: [],
    ...(title === undefined ? {} : { title }),
  };
}
