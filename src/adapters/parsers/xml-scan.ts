const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Text of XML with its five names and numbers resolved; what is none of them stays as it is. */
export function decodeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

/** Attributes of a start tag, by their names with prefix. */
export function attributesOf(tag: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', double, single] of tag.matchAll(
    /(?<![\w:.-])([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g,
  ))
    found.set(name, decodeXml(double ?? single ?? ''));
  return found;
}

/** The attributes of every element of a local name, whatever its prefix, in document order. */
export function* eachTag(xml: string, localName: string): Generator<ReadonlyMap<string, string>> {
  const tag = new RegExp(`<(?:[\\w-]+:)?${localName}(\\s[^<>]*)?/?>`, 'g');
  for (const [, attributes = ''] of xml.matchAll(tag)) yield attributesOf(attributes);
}

/** Where an element stands in its text, and what it holds. */
export interface XmlElement {
  /** As written in the start tag. */
  readonly attributes: string;
  readonly inner: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The elements of a local name, whatever its prefix, in document order; they must not nest. The first one without an end
 * is the last that is looked at. Every character is passed once or twice: one pattern for a whole element would look for
 * the end of each start tag up to the end of a hostile text.
 */
export function* eachElement(xml: string, localName: string): Generator<XmlElement, void, void> {
  const open = new RegExp(`<(?:[\\w-]+:)?${localName}(\\s[^<>]*?)?(/?)>`, 'g');
  const close = new RegExp(`</(?:[\\w-]+:)?${localName}\\s*>`, 'g');
  for (let tag = open.exec(xml); tag !== null; tag = open.exec(xml)) {
    const [, attributes = '', slash] = tag;
    const from = open.lastIndex;
    if (slash === '/') {
      yield { attributes, inner: '', start: tag.index, end: from };
      continue;
    }
    close.lastIndex = from;
    const last = close.exec(xml);
    if (last === null) return;
    yield { attributes, inner: xml.slice(from, last.index), start: tag.index, end: close.lastIndex };
    open.lastIndex = close.lastIndex;
  }
}

/** The trimmed text of the first element of this qualified name; undefined when there is none or it is empty. */
export function textOfTag(xml: string, name: string): string | undefined {
  const inner = new RegExp(`<${name}(?:\\s[^<>]*)?>([^<]*)</${name}>`).exec(xml)?.[1];
  return (
    decodeXml(inner ?? '')
      .replace(/\s+/g, ' ')
      .trim() || undefined
  );
}
