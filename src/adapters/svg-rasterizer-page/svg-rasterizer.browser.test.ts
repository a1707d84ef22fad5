import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cleanSvg } from './clean-svg.ts';
import { createPageSvgRasterizer } from './index.ts';

const SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
const rasterizer = createPageSvgRasterizer();
const paint = (svg: string, longerSide = 100) =>
  rasterizer.rasterize({ svg: new Blob([svg]), name: 'drawing', longerSide });

function pixel(bitmap: ImageBitmap, x: number, y: number): readonly number[] {
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  context?.drawImage(bitmap, 0, 0);
  return [...(context?.getImageData(x, y, 1, 1).data ?? [])];
}

const away = `${location.origin}/stolen`;
const HOSTILE = `<?xml version="1.0"?><?xml-stylesheet href="${away}?pi" type="text/css"?>
      <svg ${SVG} width="100" height="100" onload="globalThis.wasRun = 1">
      <script>globalThis.wasRun = 2</script><script href="${away}?script"/>
      <style>@import url(${away}?import); rect { fill: url('${away}?fill') } .a { fill: lime; background: \\75rl(${away}?escape) }</style>
      <style>.b { fill: lime }</style>
      <image href="${away}?image" width="9" height="9"/><image xlink:href="${away}?xlink" width="9" height="9"/>
      <use href="${away}?use#x"/><a href="javascript:globalThis.wasRun = 3"><circle r="1"/></a>
      <foreignObject width="100" height="100"><div xmlns="http://www.w3.org/1999/xhtml"><img src="${away}?html" onerror="globalThis.wasRun = 4"/>
        <iframe src="${away}?frame"/></div></foreignObject>
      <animate attributeName="href" values="${away}?animate"/><set attributeName="onload" to="globalThis.wasRun = 5"/>
      <rect width="100" height="100" class="b" filter="url(${away}?filter#f)" style="mask: url(${away}?mask)"/></svg>`;

/** Everything that the page asks the network for. */
let asked: string[] = [];
const observer = new PerformanceObserver((list) => {
  asked.push(...list.getEntries().map(({ name }) => name));
});
beforeEach(() => {
  asked = [];
  observer.observe({ type: 'resource' });
});
afterEach(() => observer.disconnect());

describe('drawings on the page', () => {
  test('it has the size that it states, the bitmap the size that is wanted', async () => {
    const { bitmap, width, height } = await paint(
      `<svg ${SVG} width="2cm" height="1cm" viewBox="0 0 4 2"><rect width="2" height="2" fill="lime"/></svg>`,
    );
    expect([Math.round(width), Math.round(height)]).toEqual([76, 38]);
    expect([bitmap.width, bitmap.height]).toEqual([100, 50]);
    expect(pixel(bitmap, 20, 25)).toEqual([0, 255, 0, 255]);
    expect(pixel(bitmap, 80, 25)).toEqual([0, 0, 0, 0]);
  });

  test('scripts do not run, nothing outside is asked for, and the rest is painted', async () => {
    const { bitmap } = await paint(HOSTILE);
    expect('wasRun' in globalThis).toBe(false);
    expect(pixel(bitmap, 50, 50)).toEqual([0, 255, 0, 255]);
    await fetch(`${location.origin}/?fence`).catch(() => undefined);
    asked.push(...observer.takeRecords().map(({ name }) => name));
    expect(asked.filter((url) => url.includes('stolen'))).toEqual([]);
  });

  test('and none of it is left in what is painted', () => {
    const parsed = new DOMParser().parseFromString(HOSTILE, 'image/svg+xml') as XMLDocument;
    const cleaned = new XMLSerializer().serializeToString(cleanSvg(parsed, 'drawing'));
    expect(cleaned).not.toMatch(/stolen|wasRun|script|foreignObject|animate|import|75rl|<set/i);
    expect(cleaned).toContain('.b { fill: lime }');
  });

  test('references and pictures inside of it are kept', async () => {
    const context = new OffscreenCanvas(4, 4).getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.fillStyle = '#f0f';
    context.fillRect(0, 0, 4, 4);
    const png = new Uint8Array(await (await context.canvas.convertToBlob()).arrayBuffer());
    const data = `data:image/png;base64,${btoa(String.fromCharCode(...png))}`;
    const { bitmap } = await paint(`<svg ${SVG} width="100" height="100">
      <defs><linearGradient id="g"><stop stop-color="lime"/></linearGradient><rect id="r" width="50" height="50"/></defs>
      <use xlink:href="#r" fill="url(#g)"/><image x="50" y="50" width="50" height="50" href="${data}"/></svg>`);
    expect(pixel(bitmap, 25, 25)).toEqual([0, 255, 0, 255]);
    expect(pixel(bitmap, 75, 75)).toEqual([255, 0, 255, 255]);
  });

  test.each([
    ['no XML', 'hello'],
    ['cut off', `<svg ${SVG}><rect`],
    ['no drawing', '<html xmlns="http://www.w3.org/1999/xhtml"/>'],
    ['of no namespace', '<svg width="10" height="10"/>'],
    ['empty', ''],
  ])('%s is refused', async (_, svg) => {
    await expect(paint(svg)).rejects.toMatchObject({ code: 'input/invalid' });
  });

  test('a few uses that stand for millions of parts are refused before they are painted', async () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const uses = Array.from({ length: 10 }, () => `<use href="#l${level - 1}"/>`).join('');
      return `<g id="l${level}">${level === 0 ? '<rect width="1" height="1"/>' : uses}</g>`;
    });
    const bomb = `<svg ${SVG} width="9" height="9"><defs>${levels.join('')}</defs><use href="#l11"/></svg>`;
    await expect(paint(bomb)).rejects.toMatchObject({ code: 'input/too-large' });
    const ring = `<svg ${SVG}><g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g></svg>`;
    await expect(paint(ring)).rejects.toMatchObject({ code: 'input/too-large' });
  });

  test('entities that stand for gigabytes are refused by the parser', async () => {
    const entities = Array.from(
      { length: 12 },
      (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`,
    ).join('');
    const bomb = `<!DOCTYPE svg [<!ENTITY e0 "ha">${entities}]><svg ${SVG}><text>&e12;</text></svg>`;
    await expect(paint(bomb)).rejects.toMatchObject({ code: 'input/invalid' });
  });
});
