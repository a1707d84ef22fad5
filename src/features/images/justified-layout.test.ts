import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heightOfRows, layOutRows } from './justified-layout.ts';

const options = { width: 1000, rowHeight: 200, gap: 8 };

describe('pictures in rows', () => {
  test('nothing is no row, and one picture keeps the wished height', () => {
    expect(layOutRows([], options)).toEqual([]);
    expect(layOutRows([1.5], options)).toEqual([
      { top: 0, height: 200, cells: [{ index: 0, left: 0, width: 300 }] },
    ]);
    expect(layOutRows([1, 1], { ...options, width: 0 })).toEqual([]);
  });

  test('a full row is as wide as the grid, and near the wished height', () => {
    const rows = layOutRows(
      Array.from({ length: 12 }, () => 1),
      options,
    );
    expect(rows.map(({ cells }) => cells.length)).toEqual([5, 5, 2]);
    const [first] = rows;
    expect(first?.cells.at(-1)?.left).toBe(808);
    expect((first?.cells.at(-1)?.left ?? 0) + (first?.cells.at(-1)?.width ?? 0)).toBe(1000);
    expect(first?.height).toBe(194);
  });

  test('a row that is a little too high is nearer than one that is much too low', () => {
    // 4 squares: 244 high; with a panorama of 3: 138 high.
    const rows = layOutRows([1, 1, 1, 1, 3, 1, 1], options);
    expect(rows[0]?.cells).toHaveLength(4);
    expect(rows[0]?.height).toBe(244);
  });

  test('a panorama, a column and a picture of unknown size do not break the row', () => {
    const rows = layOutRows([40, 0.01, Number.NaN, 1], options);
    expect(rows.flatMap(({ cells }) => cells.map(({ index }) => index))).toEqual([0, 1, 2, 3]);
    for (const { height } of rows) expect(height).toBeLessThan(500);
  });

  test('each picture once and in order, within the width, rows one below the other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 50, noNaN: true }), { maxLength: 300 }),
        fc.integer({ min: 240, max: 3000 }),
        fc.integer({ min: 40, max: 400 }),
        fc.integer({ min: 0, max: 16 }),
        (aspects, width, rowHeight, gap) => {
          const rows = layOutRows(aspects, { width, rowHeight, gap });
          expect(rows.flatMap(({ cells }) => cells.map(({ index }) => index))).toEqual(
            aspects.map((_, i) => i),
          );
          let bottom = -gap;
          rows.forEach(({ top, height, cells }, at) => {
            expect(top).toBe(bottom + gap);
            expect(height).toBeGreaterThanOrEqual(1);
            bottom = top + height;
            const last = cells.at(-1);
            const right = (last?.left ?? 0) + (last?.width ?? 0);
            if (at < rows.length - 1) expect(right).toBe(width);
            let edge = 0;
            for (const { left, width: cell } of cells) {
              expect(left).toBe(edge);
              expect(cell).toBeGreaterThanOrEqual(1);
              edge = left + cell + gap;
            }
          });
          expect(heightOfRows(rows)).toBe(Math.max(0, bottom));
        },
      ),
    );
  });
});
