import { type RefObject, useEffect } from 'react';
import type { PictureMap } from '#core/ports/pictures.ts';
import { type Spot, spotOf } from '../map-placing.ts';

export interface PlaneDrawing {
  readonly map: PictureMap;
  readonly bitmaps: ReadonlyMap<string, ImageBitmap>;
  readonly width: number;
  readonly height: number;
  /** Of a thumbnail. */
  readonly side: number;
  /** The place in the map that the pointer or the keyboard is on. */
  readonly current: number | undefined;
  readonly selectedIds: ReadonlySet<string>;
  /** The line that is being drawn around pictures. */
  readonly lasso: readonly Spot[];
}

function drawLasso(context: CanvasRenderingContext2D, lasso: readonly Spot[], colour: string): void {
  const [first, ...rest] = lasso;
  if (first === undefined) return;
  const path = new Path2D();
  path.moveTo(first.x, first.y);
  for (const { x, y } of rest) path.lineTo(x, y);
  path.closePath();
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = 2;
  context.stroke(path);
  context.globalAlpha = 0.12;
  context.fill(path, 'evenodd');
  context.globalAlpha = 1;
}

function drawPictures(context: CanvasRenderingContext2D, drawing: PlaneDrawing, accent: string): void {
  const { map, bitmaps, width, height, side, current, selectedIds } = drawing;
  const ink = context.fillStyle;
  map.imageIds.forEach((id, i) => {
    const { x, y } = spotOf(map, i, width, height);
    const bitmap = bitmaps.get(id);
    const isSelected = selectedIds.has(id);
    const shown = i === current ? side * 1.25 : side;
    const isDrawn = bitmap !== undefined && bitmap.width > 0;
    if (isDrawn) {
      const cut = Math.min(bitmap.width, bitmap.height);
      const [left, top] = [(bitmap.width - cut) / 2, (bitmap.height - cut) / 2];
      context.drawImage(bitmap, left, top, cut, cut, x - shown / 2, y - shown / 2, shown, shown);
    } else {
      context.globalAlpha = isSelected ? 1 : 0.35;
      context.fillStyle = isSelected ? accent : ink;
      context.fillRect(x - 2, y - 2, 4, 4);
      context.fillStyle = ink;
      context.globalAlpha = 1;
    }
    if (!isSelected && i !== current) return;
    context.strokeStyle = isSelected ? accent : ink;
    context.lineWidth = isSelected ? 3 : 1;
    const frame = isDrawn ? shown : 8;
    context.strokeRect(x - frame / 2, y - frame / 2, frame, frame);
  });
}

/** Paints the plane whenever anything on it has changed. */
export function usePlaneDrawing(canvas: RefObject<HTMLCanvasElement | null>, drawing: PlaneDrawing): void {
  const { map, bitmaps, width, height, side, current, selectedIds, lasso } = drawing;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context || width === 0) return;
    const scale = globalThis.devicePixelRatio || 1;
    canvas.current.width = Math.round(width * scale);
    canvas.current.height = Math.round(height * scale);
    context.scale(scale, scale);
    // The canvas's own colours: those of the theme.
    const { color, outlineColor } = getComputedStyle(canvas.current);
    context.fillStyle = color;
    const all = { map, bitmaps, width, height, side, current, selectedIds, lasso };
    drawPictures(context, all, outlineColor);
    drawLasso(context, lasso, outlineColor);
  }, [canvas, map, bitmaps, width, height, side, current, selectedIds, lasso]);
}
