import type { RasterizedSvg, RasterizeRequest, SvgRasterizer } from '#core/ports/svg-rasterizer.ts';
import { AppError } from '#shared/errors.ts';
import { broken, cleanSvg } from './clean-svg.ts';
import { svgSize } from './svg-size.ts';

const MOST_BYTES = 20_000_000;

/** Paints SVG by way of an <img>, which browsers give no scripts and no network. For the page: workers have no SVG. */
export function createPageSvgRasterizer(): SvgRasterizer {
  return {
    async rasterize(request, { signal } = {}) {
      const { svg, name } = request;
      if (svg.size > MOST_BYTES)
        throw new AppError(
          'input/too-large',
          `“${name}” is larger than ${MOST_BYTES / 1e6} MB, more than a drawing may have here. Save it as PNG and add that.`,
        );
      const root = cleanSvg(await parseXml(svg, name), name);
      if (signal?.aborted) throw new AppError('abort/by-user', 'Cancelled', { cause: signal.reason });
      return paint(root, request);
    },
  };
}

/** XMLHttpRequest parses without a string that Trusted Types would refuse, and what it parses does not run. */
function parseXml(svg: Blob, name: string): Promise<XMLDocument> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  return new Promise<XMLDocument>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('GET', url);
    request.responseType = 'document';
    request.overrideMimeType('image/svg+xml');
    request.onload = () => {
      const parsed = request.responseXML;
      if (parsed === null || parsed.querySelector('parsererror') !== null) reject(broken(name));
      else resolve(parsed);
    };
    request.onerror = () => reject(broken(name));
    request.send();
  }).finally(() => URL.revokeObjectURL(url));
}

async function paint(root: SVGSVGElement, { name, longerSide }: RasterizeRequest): Promise<RasterizedSvg> {
  const { width, height, viewBox } = svgSize(
    root.getAttribute('width'),
    root.getAttribute('height'),
    root.getAttribute('viewBox'),
  );
  const scale = longerSide / Math.max(width, height);
  const size = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  root.setAttribute('width', `${size.width}`);
  root.setAttribute('height', `${size.height}`);
  root.setAttribute('viewBox', viewBox);
  const cleaned = new Blob([new XMLSerializer().serializeToString(root)], { type: 'image/svg+xml' });
  const url = URL.createObjectURL(cleaned);
  try {
    const image = new Image(size.width, size.height);
    image.src = url;
    await image.decode().catch(() => {
      throw broken(name);
    });
    const canvas = new OffscreenCanvas(size.width, size.height);
    canvas.getContext('2d')?.drawImage(image, 0, 0, size.width, size.height);
    return { bitmap: canvas.transferToImageBitmap(), width, height };
  } finally {
    URL.revokeObjectURL(url);
  }
}
