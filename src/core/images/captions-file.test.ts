import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanCaptions, matchCaptions, parseCaptionsFile } from './captions-file.ts';

describe('a captions file', () => {
  test('the layout of the evaluation set: caption and keywords of each picture', () => {
    const dog = {
      id: 'dog-face',
      file: 'pictures/dog-face.webp',
      emoji: '🐶',
      caption: 'a picture of a dog face',
      name: 'dog face',
      keywords: ['dog', 'puppy', 'Dog'],
      rank_q8: 2,
    };
    const entries = parseCaptionsFile(JSON.stringify({ about: 'drawings', pictures: [dog] }));
    expect(entries).toEqual([
      { file: 'pictures/dog-face.webp', captions: ['a picture of a dog face', 'dog', 'puppy'] },
    ]);
    const { captionsOf, unmatched } = matchCaptions(entries, [{ id: '1', name: 'dog-face.webp' }]);
    expect(unmatched).toEqual([]);
    expect([...captionsOf.keys()]).toEqual(['1']);
  });

  test.each([
    ['a list', '[{"file":"a.jpg","caption":"A sea"},{"file":"a.jpg","captions":["Sun","a  sea "]}]'],
    ['file → caption', '{"a.jpg":["A sea","Sun"]}'],
    ['COCO-like names', '[{"file_name":"a.jpg","caption":"A sea"},{"image":"a.jpg","text":"Sun"}]'],
    ['CSV', '\uFEFFfile,caption\r\na.jpg,A sea\r\na.jpg,"Sun"\r\n'],
    ['CSV of a German spreadsheet', 'id;file;caption\n1;a.jpg;A sea\n1;a.jpg;Sun'],
    ['TSV, several columns', 'caption\tfile\nA sea\ta.jpg\nSun\ta.jpg\n\n'],
  ])('%s', (_, content) => {
    expect(parseCaptionsFile(content)).toEqual([{ file: 'a.jpg', captions: ['A sea', 'Sun'] }]);
  });

  test('quotes, separators and line ends inside a cell', () => {
    const cell = fc.string({ minLength: 1 }).filter((value) => cleanCaptions([value]).length > 0);
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), (captions) => {
        const rows = captions.map((caption, i) => `f${i}.png,"${caption.replaceAll('"', '""')}"`);
        const entries = parseCaptionsFile(`file,caption\n${rows.join('\n')}`);
        expect(entries.map((entry) => entry.captions)).toEqual(captions.map((one) => cleanCaptions([one])));
      }),
    );
  });

  test.each([
    '{',
    'null',
    '[]',
    '3',
    '',
    'just words',
    'file,caption',
    '{"a":3}',
    '[{"file":"a"}]',
    '[["a"]]',
  ])('refuses %j with words', (content) => {
    expect(() => parseCaptionsFile(content)).toThrow(expect.objectContaining({ code: 'input/invalid' }));
  });
});

test('pictures are matched by path, then name, then stem; what fits two fits none', () => {
  const pictures = [
    { id: '1', name: 'trip/a.jpg' },
    { id: '2', name: 'home/a.jpg' },
    { id: '3', name: 'home/B.png' },
    { id: '4', name: 'c.webp' },
  ];
  const one = (file: string) => ({ file, captions: [file] });
  const files = ['trip\\a.jpg', 'a.jpg', './other/b.png', 'C', 'nowhere.gif'];
  const { captionsOf, unmatched } = matchCaptions(files.map(one), pictures);
  expect([...captionsOf.keys()]).toEqual(['1', '3', '4']);
  expect(unmatched).toEqual(['a.jpg', 'nowhere.gif']);
});
