import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sentencesOf } from './sentences.ts';

const split = (text: string): string[] => sentencesOf(text).map(({ start, end }) => text.slice(start, end));

test.each<[string, string[]]>([
  ['One. Two! Three? Four', ['One.', 'Two!', 'Three?', 'Four']],
  ['It takes 3.5 min. at 220 °C. Then wait.', ['It takes 3.5 min. at 220 °C.', 'Then wait.']],
  [
    'Dr. Smith met J. R. Jones at 5 p.m. The valve was shut.',
    ['Dr. Smith met J. R. Jones at 5 p.m.', 'The valve was shut.'],
  ],
  ['Use soap, e.g. Castile. Rinse, i.e. twice.', ['Use soap, e.g. Castile.', 'Rinse, i.e. twice.']],
  [
    'It opens at 6 bar. [1] It closes. [1][2] Done.',
    ['It opens at 6 bar. [1]', 'It closes. [1][2]', 'Done.'],
  ],
  ['It opens [1]. It closes [2, 3].', ['It opens [1].', 'It closes [2, 3].']],
  ['安全弁は開く。「本当か？」はい！次', ['安全弁は開く。', '「本当か？」', 'はい！', '次']],
  ['هل فتح الصمام؟ نعم. انتهى', ['هل فتح الصمام؟', 'نعم.', 'انتهى']],
  ['वाल्व खुलता है। पंप बंद है।', ['वाल्व खुलता है।', 'पंप बंद है।']],
  ['He said “Stop.” Then he left.', ['He said “Stop.”', 'Then he left.']],
  ['- Open it.\n- Close it\n1. Wait. Then go.', ['- Open it.', '- Close it', '1. Wait.', 'Then go.']],
  ['A soft\nwrapped line. Next', ['A soft\nwrapped line.', 'Next']],
  ['# Title\nText here.\n\nMore', ['# Title', 'Text here.', 'More']],
  [
    'Version 2.0.1 of node.js is out. See example.org for it.',
    ['Version 2.0.1 of node.js is out.', 'See example.org for it.'],
  ],
  ['安全弁は開く。次に閉じる。', ['安全弁は開く。', '次に閉じる。']],
  ['Wait … and see. The end...', ['Wait … and see.', 'The end...']],
  ['See Fig. 3 and No. 7. It is there.', ['See Fig. 3 and No. 7.', 'It is there.']],
])('%j', (text, expected) => {
  expect(split(text)).toEqual(expected);
});

test('every character but white space is in exactly one sentence', () => {
  const texts = fc.array(
    fc.oneof(
      fc.constantFrom(
        '. ',
        '! ',
        '\n',
        '\n\n',
        '- ',
        '[1]',
        ' [2] ',
        'Dr. ',
        '3.5',
        '。',
        '"',
        '| ',
        '# ',
        '1. ',
      ),
      fc.string({ maxLength: 6 }),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(texts, (parts) => {
      const text = parts.join('');
      let at = 0;
      for (const { start, end } of sentencesOf(text)) {
        expect(text.slice(at, start).trim()).toBe('');
        expect(text.slice(start, end)).toBe(text.slice(start, end).trim());
        expect(end).toBeGreaterThan(start);
        at = end;
      }
      expect(text.slice(at).trim()).toBe('');
    }),
  );
});
