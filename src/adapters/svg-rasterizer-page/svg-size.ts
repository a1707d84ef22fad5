/** CSS pixels in one of each unit. */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  px: 1,
  pt: 4 / 3,
  pc: 16,
  mm: 96 / 25.4,
  cm: 96 / 2.54,
  in: 96,
  em: 16,
  ex: 8,
  q: 96 / 101.6,
};
/** What browsers take for a drawing that says nothing. */
const DEFAULT = { width: 300, height: 150 };
const MOST = 100_000;

export interface SvgSize {
  readonly width: number;
  readonly height: number;
}

/** What a drawing states by width and height, or by its viewBox (SVG 2, § 8.2). */
export function svgSize(
  width: string | null,
  height: string | null,
  viewBox: string | null,
): SvgSize & { readonly viewBox: string } {
  const box = boxOf(viewBox);
  const [w, h] = [lengthOf(width), lengthOf(height)];
  const ratio = box === undefined ? undefined : box.width / box.height;
  const size =
    w !== undefined && h !== undefined
      ? { width: w, height: h }
      : w !== undefined
        ? { width: w, height: ratio === undefined ? DEFAULT.height : w / ratio }
        : h !== undefined
          ? { width: ratio === undefined ? DEFAULT.width : h * ratio, height: h }
          : (box ?? DEFAULT);
  const clamp = (value: number): number => Math.min(MOST, Math.max(1, value));
  const clamped = { width: clamp(size.width), height: clamp(size.height) };
  return {
    ...clamped,
    viewBox: box === undefined ? `0 0 ${clamped.width} ${clamped.height}` : (viewBox ?? ''),
  };
}

function lengthOf(text: string | null): number | undefined {
  const parts = /^\s*\+?(\d*\.?\d+(?:e[+-]?\d+)?)\s*([a-z]*)\s*$/i.exec(text ?? '');
  const unit = UNITS[(parts?.[2] ?? '').toLowerCase()];
  const value = Number(parts?.[1]) * (unit ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

function boxOf(text: string | null): SvgSize | undefined {
  const numbers = (text ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const [, , width = 0, height = 0] = numbers;
  const isBox = numbers.length === 4 && numbers.every(Number.isFinite) && width > 0 && height > 0;
  return isBox ? { width, height } : undefined;
}
