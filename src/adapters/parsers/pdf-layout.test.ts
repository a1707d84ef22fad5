import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHyphenation } from './pdf-hyphenation.ts';
import { layOut } from './pdf-layout.ts';
import { type PageRuns, type TextRun, unrotate } from './pdf-runs.ts';

function run(text: string, left: number, baseline: number, size = 11): TextRun {
  return {
    text,
    left,
    right: left + text.length * size * 0.5,
    top: baseline - size * 0.8,
    bottom: baseline + size * 0.2,
    baseline,
    size,
    isUpright: true,
    isRightToLeft: false,
    hasSpaceBefore: false,
  };
}

const pageOf = (runs: readonly TextRun[], number = 1): PageRuns => ({
  number,
  width: 595,
  height: 842,
  rotation: 0,
  runs,
});

const anyRun = fc
  .record({
    text: fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9 .,-]{0,40}[a-zA-Z0-9.-]$/),
    left: fc.integer({ min: 40, max: 500 }),
    baseline: fc.integer({ min: 100, max: 740 }),
    size: fc.constantFrom(9, 11, 14, 22),
  })
  .map(({ text, left, baseline, size }) => run(text.replace(/ +/g, ' '), left, baseline, size));

describe('layout', () => {
  test('every run is in the text once, at its offsets, whatever the page looks like', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyRun, { maxLength: 30 }), { maxLength: 4 }), (pages) => {
        const {
          text,
          boxes,
          pages: parsed,
        } = layOut(
          pages.map((runs, i) => pageOf(runs, i + 1)),
          [],
        );
        expect(boxes.length).toBe(pages.flat().length);
        const found = boxes.map(({ start, end }) => text.slice(start, end));
        const wanted = pages.flat().map((each) => each.text);
        // A hyphen at a line's end may have gone.
        const bare = (words: readonly string[]): string[] =>
          words.map((word) => word.replace(/-$/, '')).sort();
        expect(bare(found)).toEqual(bare(wanted));
        let before = 0;
        for (const box of boxes) {
          expect(box.start).toBeGreaterThanOrEqual(before);
          before = box.end;
        }
        parsed.forEach((page, i) => {
          expect(page.start).toBeLessThanOrEqual(page.end);
          expect(page.end).toBeLessThanOrEqual(parsed[i + 1]?.start ?? text.length);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('a word that goes on behind an empty page leaves every page its own place', () => {
    const { text, pages } = layOut(
      [pageOf([run('a hyphen-', 40, 100)], 1), pageOf([], 2), pageOf([run('ation goes on', 40, 100)], 3)],
      [],
    );
    expect(text).toBe('a hyphenation goes on');
    expect(pages.map(({ start, end }) => text.slice(start, end))).toEqual(['a hyphen', '', 'ation goes on']);
  });

  test('a table of contents keeps its lines', () => {
    const { text } = layOut(
      [
        pageOf([
          run('1 Introduction . . . . . . . . 1', 72, 100),
          run('2 How it works . . . . . . . . 4', 72, 115),
        ]),
      ],
      [],
    );
    expect(text.split('\n')).toHaveLength(2);
  });

  test('running titles that the body has anyway go wholly', () => {
    const pages = Array.from({ length: 5 }, (_, i) =>
      pageOf(
        [
          run('The Long Report', 72, 40, 9),
          ...(i === 0 ? [run('The Long Report', 72, 200, 24)] : []),
          run(`Body number ${'abcde'[i]} stands here alone.`, 72, 300),
        ],
        i + 1,
      ),
    );
    const { text, title } = layOut(pages, []);
    expect(text.match(/The Long Report/g)).toHaveLength(1);
    expect(text).toMatch(/^The Long Report\n\nBody/);
    expect(title).toBe('The Long Report');
  });
});

describe('hyphens', () => {
  const { join } = createHyphenation([
    'an operation',
    'a well-known fact',
    'ELEMENT',
    'self made',
    'made by self',
  ]);
  test.each([
    ['the oper-', 'ation', 'whole'],
    ['the well-', 'known', 'compound'],
    ['a self-', 'made man', 'compound'],
    ['the ELE-', 'MENT', 'whole'],
    ['the Bose-', 'Einstein', undefined],
    ['10-', '20', undefined],
    ['soft\u00AD', 'ly', 'whole'],
    ['plain', 'words', undefined],
  ] as const)('%s %s', (before, after, wanted) => {
    expect(join(before, after)).toBe(wanted);
  });
});

test('a box on a turned page comes back to where it was', () => {
  const turn = (
    box: ReturnType<typeof unrotate>,
    { width, height, rotation }: { width: number; height: number; rotation: number },
  ) => {
    // What a viewer does: the unturned box on the displayed page.
    if (rotation === 90) return { left: width - box.y - box.height, top: box.x };
    if (rotation === 180) return { left: width - box.x - box.width, top: height - box.y - box.height };
    if (rotation === 270) return { left: box.y, top: height - box.x - box.width };
    return { left: box.x, top: box.y };
  };
  fc.assert(
    fc.property(
      fc.constantFrom(0, 90, 180, 270),
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 0, max: 400 }),
      (rotation, left, top) => {
        const page = { width: 842, height: 595, rotation };
        const box = unrotate({ left, top, right: left + 100, bottom: top + 12 }, page);
        expect(turn(box, page)).toEqual({ left, top });
      },
    ),
  );
});
