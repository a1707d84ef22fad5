import { AppError } from '#shared/errors.ts';

const SVG = 'http://www.w3.org/2000/svg';
/** After every <use> is written out. Real drawings have thousands; ten nested tenfold uses have ten thousand million. */
const MOST_ELEMENTS = 200_000;
const ELEMENTS = new Set(
  `svg g path rect circle ellipse line polyline polygon text tspan textPath defs symbol use clipPath mask pattern
  linearGradient radialGradient stop filter image marker title desc style switch a feBlend feColorMatrix
  feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
  feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight
  feSpecularLighting feSpotLight feTile feTurbulence`.split(/\s+/),
);
const RASTER_DATA = /^\s*data:image\/(png|jpeg|gif|webp);base64,[\s\da-z+/=]*$/i;
const OUTER_URL = /url\(\s*(?!\s*['"]?\s*#)[^)]*\)?/gi;

/**
 * Takes everything out of a drawing that is not drawing: elements that are not on the list (script, foreignObject,
 * animations), handlers, and every reference that leaves the file. An <img> would neither run nor fetch any of it; this
 * stands before that.
 */
export function cleanSvg(document: XMLDocument, name: string): SVGSVGElement {
  const root = document.documentElement;
  if (root.namespaceURI !== SVG || root.localName !== 'svg') throw broken(name);
  for (const element of [root, ...root.querySelectorAll('*')]) {
    if (element.namespaceURI !== SVG || !ELEMENTS.has(element.localName)) element.remove();
    else cleanAttributes(element);
    if (element.localName === 'style') element.textContent = cleanCss(element.textContent ?? '');
  }
  if (writtenOut(root) > MOST_ELEMENTS)
    throw new AppError(
      'input/too-large',
      `“${name}” has more than ${MOST_ELEMENTS.toLocaleString('en')} parts, too many to paint. Save it as PNG and add that.`,
    );
  return root as unknown as SVGSVGElement;
}

export function broken(name: string): AppError {
  return new AppError(
    'input/invalid',
    `“${name}” is no drawing that can be painted: its SVG is broken. Get it again from where it came from.`,
  );
}

function cleanAttributes(element: Element): void {
  for (const attribute of [...element.attributes]) {
    const isReference = attribute.localName === 'href' || attribute.localName === 'src';
    const isInside = attribute.value.trimStart().startsWith('#');
    const mayHoldData = /^(image|feImage)$/.test(element.localName) && RASTER_DATA.test(attribute.value);
    if (/^on/i.test(attribute.localName) || (isReference && !isInside && !mayHoldData))
      element.removeAttributeNode(attribute);
    else if (!isReference && /url\(|\\|@import/i.test(attribute.value))
      attribute.value = cleanCss(attribute.value);
  }
}

/** An escape could hide a reference: such a style is dropped whole. */
function cleanCss(css: string): string {
  if (css.includes('\\')) return '';
  return css
    .replace(/@import[^;]*;?/gi, '')
    .replace(/(image-set|src)\([^)]*\)?/gi, 'none')
    .replace(OUTER_URL, 'none');
}

/** How many elements are painted when each <use> stands for what it names. A ring counts as too many. */
function writtenOut(root: Element): number {
  const byId = new Map([...root.querySelectorAll('[id]')].map((element) => [element.id, element]));
  const known = new Map<Element, number>();
  const open = new Set<Element>();
  const count = (element: Element): number => {
    const before = known.get(element);
    if (before !== undefined) return before;
    if (open.has(element)) return MOST_ELEMENTS + 1;
    open.add(element);
    let sum = 1;
    for (const child of element.children) sum += count(child);
    const target = element.localName === 'use' ? byId.get(referenceOf(element)) : undefined;
    if (target !== undefined) sum += count(target);
    open.delete(element);
    known.set(element, sum);
    return sum;
  };
  return count(root);
}

function referenceOf(element: Element): string {
  const href = element.getAttribute('href') ?? element.getAttributeNS('http://www.w3.org/1999/xlink', 'href');
  return (href ?? '').trim().slice(1);
}
