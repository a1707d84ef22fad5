import { type PointerEvent, type RefObject, useEffect, useState } from 'react';
import type { PassageMap } from '#core/ports/library-insight.ts';
import type { Point } from '../map-geometry.ts';

interface MapView {
  readonly map: PassageMap;
  readonly chosen: ReadonlySet<number>;
  readonly line: readonly Point[];
  readonly pointed: number | undefined;
}

/** Share of the canvas that stays free at each edge. */
const MARGIN = 0.05;
const GOLDEN_ANGLE = 137.508;

/** A hue in degrees for the n-th document: neighbours in the list are far apart on the wheel. */
export const hueOf = (place: number): number => (200 + place * GOLDEN_ANGLE) % 360;

function draw(canvas: HTMLCanvasElement, { map, chosen, line, pointed }: MapView): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { width, height } = canvas;
  const scale = globalThis.devicePixelRatio || 1;
  const style = getComputedStyle(canvas);
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches
    ? document.documentElement.dataset.theme !== 'light'
    : document.documentElement.dataset.theme === 'dark';
  const x = (value: number): number => ((value + 1) / 2) * width * (1 - 2 * MARGIN) + width * MARGIN;
  const y = (value: number): number => ((1 - value) / 2) * height * (1 - 2 * MARGIN) + height * MARGIN;
  context.clearRect(0, 0, width, height);
  const count = map.documentOf.length;
  const radius = (count > 4000 ? 2 : count > 500 ? 3 : 4.5) * scale;
  for (let i = 0; i < count; i += 1) {
    const isDim = chosen.size > 0 && !chosen.has(i);
    context.globalAlpha = isDim ? 0.2 : 0.85;
    context.fillStyle = `oklch(${isDark ? 0.76 : 0.56} 0.13 ${hueOf(map.documentOf[i] ?? 0)})`;
    context.beginPath();
    context.arc(
      x(map.points[i * 2] ?? 0),
      y(map.points[i * 2 + 1] ?? 0),
      i === pointed ? radius * 1.8 : radius,
      0,
      2 * Math.PI,
    );
    context.fill();
  }
  context.globalAlpha = 1;
  if (line.length < 2) return;
  context.strokeStyle = style.color;
  context.lineWidth = 1.5 * scale;
  context.beginPath();
  for (const [px, py] of line) context.lineTo(x(px), y(py));
  context.closePath();
  context.stroke();
}

/** Draws whenever something changed, the size or the theme included; tells where on the map a pointer is. */
export function useMapCanvas(
  ref: RefObject<HTMLCanvasElement | null>,
  view: MapView,
): (event: PointerEvent<HTMLCanvasElement>) => Point {
  const [drawn, setDrawn] = useState(0);
  useEffect(() => {
    const canvas = ref.current;
    if (canvas === null) return;
    const again = (): void => setDrawn((count) => count + 1);
    const sizes = new ResizeObserver(() => {
      const scale = globalThis.devicePixelRatio || 1;
      canvas.width = Math.max(1, Math.round(canvas.clientWidth * scale));
      canvas.height = Math.max(1, Math.round(canvas.clientHeight * scale));
      again();
    });
    sizes.observe(canvas);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', again);
    const themes = new MutationObserver(again);
    themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      sizes.disconnect();
      themes.disconnect();
      scheme.removeEventListener('change', again);
    };
  }, [ref]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn counts what is outside of React
  useEffect(() => {
    if (ref.current) draw(ref.current, view);
  }, [ref, view.map, view.chosen, view.line, view.pointed, drawn]);
  return ({ currentTarget, clientX, clientY }) => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    const at = (value: number, size: number): number => ((value / size - MARGIN) / (1 - 2 * MARGIN)) * 2 - 1;
    return [at(clientX - left, width), -at(clientY - top, height)];
  };
}
