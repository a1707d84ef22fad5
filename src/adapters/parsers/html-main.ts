import type { DefaultTreeAdapterTypes } from 'parse5';
import { createBreather } from '#shared/breathe.ts';

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

/** What a page is about, without what stands on every page of its site. */
export interface MainPart {
  /** Elements to read; several when there is no one that holds the content. */
  readonly roots: readonly Node[];
  /** Elements inside them that are not content. */
  readonly skipped: ReadonlySet<Element>;
}

interface Weight {
  /** Characters that are read, white space collapsed. */
  text: number;
  /** Of them in links. */
  linked: number;
  links: number;
}

const BLOCKS = new Set('body main article section div ul ol dl table aside header footer form'.split(' '));
const FURNITURE_ROLES = /^(?:navigation|banner|contentinfo|search|complementary|menu|menubar|toolbar)$/;
const FURNITURE_NAMES =
  /(?:^|[\s_-])(?:nav|navbar|menu|breadcrumbs?|sidebar|cookies?|consent|newsletter|subscribe|share|sharing|social|related|recommended|advert|advertisement|ads|promo|sponsored|skip-?link|pagination|pager|masthead|site-?header|site-?footer)(?:$|[\s_-])/i;
/** Shorter, a main element is a frame that scripts were to fill. */
const MIN_MAIN_CHARACTERS = 200;
/** Of links that are content (a list of sources), most say more than their links. */
const LINK_SHARE = 0.66;
const MIN_LINKS = 5;
/** Taking away more than this means that the rules do not fit the page: then all of it is read. */
const MIN_KEPT = 0.25;

function attribute(element: Element, name: string): string {
  return element.attrs.find((attr) => attr.name === name)?.value ?? '';
}

/** Text and links below every block, in one walk with a stack of its own. */
async function weigh(
  roots: readonly Node[],
  isSeen: (element: Element) => boolean,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<Element, Weight>> {
  const weights = new Map<Element, Weight>();
  const open: Weight[] = [{ text: 0, linked: 0, links: 0 }];
  const pace = createBreather(signal);
  let linkDepth = 0;
  const stack: { readonly node: Node; readonly isLeaving: boolean }[] = [];
  const push = (children: readonly Node[]): void => {
    for (let i = children.length - 1; i >= 0; i--) {
      const node = children[i];
      if (node) stack.push({ node, isLeaving: false });
    }
  };
  push(roots);
  for (let top = stack.pop(); top; top = stack.pop()) {
    const breath = pace();
    if (breath) await breath;
    const { node, isLeaving } = top;
    const current = open.at(-1);
    if ('value' in node) {
      const characters = node.value.replace(/\s+/g, ' ').trim().length;
      if (current) current.text += characters;
      if (current && linkDepth > 0) current.linked += characters;
    } else if ('tagName' in node) {
      const isBlock = BLOCKS.has(node.tagName);
      const isLink = node.tagName === 'a';
      if (isLeaving) {
        if (isLink) linkDepth--;
        const done = isBlock ? open.pop() : undefined;
        const parent = open.at(-1);
        if (done) weights.set(node, done);
        if (done && parent) {
          parent.text += done.text;
          parent.linked += done.linked;
          parent.links += done.links;
        }
      } else if (isSeen(node)) {
        if (isLink && current) current.links++;
        if (isLink) linkDepth++;
        if (isBlock) open.push({ text: 0, linked: 0, links: 0 });
        stack.push({ node, isLeaving: true });
        push(node.childNodes);
      }
    }
  }
  return weights;
}

/** The one element that the page itself names as its content: main, or the only article. */
function named(weights: ReadonlyMap<Element, Weight>, total: number): Element | undefined {
  const mains: Element[] = [];
  const articles: Element[] = [];
  for (const [element, { text }] of weights) {
    if (text < MIN_MAIN_CHARACTERS) continue;
    if (element.tagName === 'main' || attribute(element, 'role') === 'main') mains.push(element);
    else if (element.tagName === 'article') articles.push(element);
  }
  if (mains.length === 1) return mains[0];
  const [article] = articles;
  return articles.length === 1 && article && (weights.get(article)?.text ?? 0) > total * 0.4
    ? article
    : undefined;
}

function isFurniture(element: Element, { text, linked, links }: Weight, total: number): boolean {
  if (element.tagName === 'main' || element.tagName === 'article') return false;
  if (FURNITURE_ROLES.test(attribute(element, 'role'))) return true;
  const isDense = links >= MIN_LINKS && linked > text * LINK_SHARE;
  if (isDense) return true;
  const name = `${attribute(element, 'class')} ${attribute(element, 'id')}`;
  return FURNITURE_NAMES.test(name) && text < total * 0.3 && (text < 500 || linked > text * 0.3);
}

/**
 * The readable part of a page, by what its author says (main, article, roles, names of classes) and by how much of a block
 * is links (after Kohlschütter et al., Boilerplate detection using shallow text features, 2010). A page on which little
 * would be left is read whole.
 */
export async function mainPart(
  roots: readonly Node[],
  isSeen: (element: Element) => boolean,
  signal: AbortSignal | undefined,
): Promise<MainPart> {
  const whole: MainPart = { roots, skipped: new Set() };
  const weights = await weigh(roots, isSeen, signal);
  let total = 0;
  for (const node of roots) if ('tagName' in node) total += weights.get(node)?.text ?? 0;
  const main = named(weights, total);
  const from = main?.childNodes ?? roots;
  const all = main ? (weights.get(main)?.text ?? 0) : total;
  const skipped = new Set<Element>();
  let taken = 0;
  const stack: Node[] = [...from];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (!('tagName' in node)) continue;
    const weight = weights.get(node);
    if (weight && isFurniture(node, weight, all)) {
      skipped.add(node);
      taken += weight.text;
    } else for (const child of node.childNodes) stack.push(child);
  }
  const isTooMuch = all - taken < all * MIN_KEPT;
  if (main) return { roots: [main], skipped: isTooMuch ? new Set() : skipped };
  return isTooMuch ? whole : { roots, skipped };
}
