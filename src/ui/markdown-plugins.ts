import type { Element, ElementContent, Root, Text } from 'hast';
import { CITATION, numbersIn } from '#shared/citations.ts';

export interface SentenceMark {
  /** Character offsets in the Markdown source. */
  readonly start: number;
  readonly end: number;
  readonly kind: 'unsupported' | 'strange' | 'quote-missing' | 'quote-found';
  /** Said on hover: why it is marked. */
  readonly hint: string;
}

/** The numbers of sources, or one long number that whoever renders it has put there. */
const REFERENCES = new RegExp(`${CITATION.source}|\\[(\\d{4,6})\\]`, 'g');

function element(tagName: string, properties: Element['properties'], children: ElementContent[]): Element {
  return { type: 'element', tagName, properties, children };
}

/** `[1]`, `[1, 2]` and `[1-3]` in running text become <cite data-number>. */
function withCitations(node: Text): ElementContent[] {
  const out: ElementContent[] = [];
  let at = 0;
  for (const match of node.value.matchAll(REFERENCES)) {
    if (match.index > at) out.push({ type: 'text', value: node.value.slice(at, match.index) });
    for (const number of numbersIn(match[1] ?? match[2] ?? ''))
      out.push(element('cite', { dataNumber: String(number) }, []));
    at = match.index + match[0].length;
  }
  if (at < node.value.length) out.push({ type: 'text', value: node.value.slice(at) });
  return out;
}

/** The parts of a text node that lie in a mark are wrapped in <mark data-kind>. */
function withMarks(node: Text, marks: readonly SentenceMark[], hasCitations: boolean): ElementContent[] {
  const pieces = (text: string): ElementContent[] => {
    const piece: Text = { type: 'text', value: text };
    return hasCitations ? withCitations(piece) : [piece];
  };
  const start = node.position?.start.offset;
  const end = node.position?.end.offset;
  // An escape or an entity makes source and text differ in length: such a node is marked whole or not at all.
  if (start === undefined || end === undefined) return pieces(node.value);
  const isExact = end - start === node.value.length;
  const out: ElementContent[] = [];
  let at = 0;
  for (const mark of marks) {
    const from = Math.max(mark.start, start);
    const to = Math.min(mark.end, end);
    if (from >= to) continue;
    const localFrom = isExact ? from - start : 0;
    const localTo = isExact ? to - start : node.value.length;
    if (localFrom < at) continue;
    if (localFrom > at) out.push(...pieces(node.value.slice(at, localFrom)));
    out.push(
      element(
        'mark',
        { dataKind: mark.kind, title: mark.hint },
        pieces(node.value.slice(localFrom, localTo)),
      ),
    );
    at = localTo;
  }
  if (at < node.value.length) out.push(...pieces(node.value.slice(at)));
  return out;
}

/** A rehype plugin; `marks` are relative to the text that is rendered. Code and math are left alone. */
export function rehypeAnswer(options: {
  readonly marks: readonly SentenceMark[];
  readonly hasCitations: boolean;
}) {
  const { marks, hasCitations } = options;
  const visit = (parent: Root | Element): void => {
    const children: (typeof parent.children)[number][] = [];
    for (const child of parent.children) {
      if (child.type === 'text') children.push(...withMarks(child, marks, hasCitations));
      else {
        const isVerbatim =
          child.type === 'element' &&
          (child.tagName === 'code' ||
            child.tagName === 'pre' ||
            `${child.properties.className ?? ''}`.includes('katex'));
        if (child.type === 'element' && !isVerbatim) visit(child);
        children.push(child);
      }
    }
    parent.children = children as typeof parent.children;
  };
  return (tree: Root): void => visit(tree);
}
