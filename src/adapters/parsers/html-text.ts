import { type DefaultTreeAdapterTypes, Parser } from 'parse5';
import type { ParsedDocument } from '#core/ports/document-parser.ts';
import { breathe, throwIfAborted } from '#shared/breathe.ts';
import { mainPart } from './html-main.ts';
import { linkTarget, webAddress } from './links.ts';
import { createTextBuilder, type TextBuilder } from './text-builder.ts';

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

const SLICE_CHARACTERS = 200_000;
const NODES_A_BREATH = 20_000;

const SKIPPED = new Set(
  'script style template iframe object embed svg math canvas audio video map noframes frameset select textarea button input nav dialog'.split(
    ' ',
  ),
);
const PARAGRAPHS = new Set(
  'p h1 h2 h3 h4 h5 h6 blockquote pre table ul ol dl section article main header footer aside figure hr form address details'.split(
    ' ',
  ),
);
const LINES = new Set('div li tr dt dd br caption figcaption summary legend'.split(' '));

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((attr) => attr.name === name)?.value;
}

/** What a reader does not see must not be what a model reads: hidden text is a known way to plant instructions. */
function isHidden(element: Element): boolean {
  if (attribute(element, 'hidden') !== undefined || attribute(element, 'aria-hidden') === 'true') return true;
  return /(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9]))/i.test(
    attribute(element, 'style') ?? '',
  );
}

/** parse5 in slices, as its own stream wrapper feeds it: a large page does not hold the thread. */
async function parseTree(
  source: string,
  signal: AbortSignal | undefined,
): Promise<DefaultTreeAdapterTypes.Document> {
  const parser = new Parser<DefaultTreeAdapterTypes.DefaultTreeAdapterMap>({ scriptingEnabled: false });
  for (let at = 0; at < source.length; at += SLICE_CHARACTERS) {
    const isLast = at + SLICE_CHARACTERS >= source.length;
    parser.tokenizer.write(source.slice(at, at + SLICE_CHARACTERS), isLast);
    if (isLast) break;
    await breathe();
    throwIfAborted(signal);
  }
  return parser.document;
}

function enter(element: Element, out: TextBuilder, base: string | undefined): void {
  const tag = element.tagName;
  const href = tag === 'a' ? linkTarget(attribute(element, 'href') ?? '', base) : undefined;
  if (href !== undefined) out.openLink(href);
  if (PARAGRAPHS.has(tag)) out.breakParagraph();
  else if (LINES.has(tag)) out.breakLine();
  else if (tag === 'td' || tag === 'th') out.breakCell();
  if (tag === 'li') out.mark('- ');
  if (tag === 'img') out.write(attribute(element, 'alt') ?? '');
  if (tag === 'pre') out.preserve(true);
  if (/^h[1-6]$/.test(tag)) out.openHeading(Number(tag[1]));
}

function leave(element: Element, out: TextBuilder): void {
  const tag = element.tagName;
  if (tag === 'a') out.closeLink();
  if (/^h[1-6]$/.test(tag)) out.closeHeading();
  if (tag === 'pre') out.preserve(false);
  if (PARAGRAPHS.has(tag)) out.breakParagraph();
  else if (LINES.has(tag) && tag !== 'br') out.breakLine();
}

function titleOf(node: Element): string {
  const text = node.childNodes.map((child) =>
    child.nodeName === '#text' && 'value' in child ? child.value : '',
  );
  return text.join('').replace(/\s+/g, ' ').trim();
}

function isRead(element: Element): boolean {
  return !SKIPPED.has(element.tagName) && !isHidden(element);
}

/** The body's children and the title, whatever else stands around them. */
function partsOf(document: DefaultTreeAdapterTypes.Document) {
  const html = document.childNodes.find((node) => node.nodeName === 'html');
  const parts = html && 'childNodes' in html ? html.childNodes : document.childNodes;
  const body = parts.find((node) => node.nodeName === 'body');
  const head = parts.find((node) => node.nodeName === 'head');
  const inHead = head && 'childNodes' in head ? head.childNodes.filter((node) => 'tagName' in node) : [];
  const title = inHead.find((node) => node.nodeName === 'title');
  return { body, inHead, title: title && (titleOf(title) || undefined) };
}

/** Browsers write into a page that they save where it came from. */
const SAVED_FROM =
  /<!--\s*saved from url=\(\d+\)\s*(\S+?)\s*-->|<!--\s*Page saved with SingleFile\s+url:\s*(\S+)/i;

/** The page's own address, and what its relative addresses are meant from. */
function addressesOf(source: string, inHead: readonly Element[]) {
  const saved = SAVED_FROM.exec(source.slice(0, 8192));
  const canonical = inHead.find(
    (node) => node.tagName === 'link' && /(?:^|\s)canonical(?:\s|$)/i.test(attribute(node, 'rel') ?? ''),
  );
  const graph = inHead.find((node) => node.tagName === 'meta' && attribute(node, 'property') === 'og:url');
  const page =
    webAddress(saved?.[1] ?? saved?.[2] ?? '') ??
    webAddress((canonical && attribute(canonical, 'href')) ?? '') ??
    webAddress((graph && attribute(graph, 'content')) ?? '');
  const baseElement = inHead.find((node) => node.tagName === 'base');
  return { page, base: webAddress((baseElement && attribute(baseElement, 'href')) ?? '', page) ?? page };
}

/**
 * The readable text of a page with headings; with `isPage` only its readable part, without what stands on every page of
 * its site. The walk keeps its own stack: hostile nesting must not overflow ours.
 */
export async function readHtml(
  source: string,
  signal: AbortSignal | undefined,
  { isPage = false }: { readonly isPage?: boolean } = {},
): Promise<ParsedDocument> {
  const document = await parseTree(source, signal);
  const { body, inHead, title: named } = partsOf(document);
  const { page, base } = addressesOf(source, inHead);
  let title = named;
  const { roots, skipped } =
    isPage && body
      ? await mainPart([body], isRead, signal)
      : { roots: document.childNodes, skipped: new Set<Element>() };
  const out = createTextBuilder();
  const stack: { readonly node: Node; readonly isLeaving: boolean }[] = [];
  const push = (children: readonly Node[]): void => {
    for (let i = children.length - 1; i >= 0; i--) {
      const node = children[i];
      if (node) stack.push({ node, isLeaving: false });
    }
  };
  push(roots);
  for (let count = 1; stack.length > 0; count++) {
    if (count % NODES_A_BREATH === 0) {
      await breathe();
      throwIfAborted(signal);
    }
    const top = stack.pop();
    if (!top) break;
    const { node, isLeaving } = top;
    if ('value' in node) out.write(node.value);
    else if ('tagName' in node) {
      if (isLeaving) leave(node, out);
      else if (node.tagName === 'title') title ??= titleOf(node) || undefined;
      else if (isRead(node) && !skipped.has(node)) {
        enter(node, out, base);
        stack.push({ node, isLeaving: true });
        push(node.childNodes);
      }
    }
  }
  const { text, headings, links } = out.finish();
  const shown = title ?? headings.find((heading) => heading.level === 1)?.text;
  return {
    text,
    headings,
    pages: [],
    boxes: [],
    links,
    ...(shown === undefined ? {} : { title: shown }),
    ...(isPage && page !== undefined ? { source: page } : {}),
  };
}
