import { describe, expect, test } from 'vitest';
import { pastedDocument } from './pasted.ts';

const AT = new Date(2026, 10, 26, 9, 5).getTime();
const paste = async (text: string) => {
  const file = pastedDocument(text, AT);
  return file && { name: file.name, type: file.type, text: await file.text() };
};

describe('what is pasted', () => {
  test('text becomes Markdown, as it is', async () => {
    expect(await paste('One line.\n\n- two')).toEqual({
      name: 'Pasted text 2026-11-26 09.05.md',
      type: 'text/markdown',
      text: 'One line.\n\n- two',
    });
    expect(await paste(' \n ')).toBeUndefined();
  });

  test('cells of a spreadsheet become CSV', async () => {
    expect(await paste('Part\tPrice\r\nValve, small\t12\r\nSpring\t\r\n')).toEqual({
      name: 'Pasted table 2026-11-26 09.05.csv',
      type: 'text/csv',
      text: 'Part,Price\r\n"Valve, small",12\r\nSpring,\r\n',
    });
  });

  test('cells with line ends and quotes stay one cell; a lone quote is a character', async () => {
    expect((await paste('a\tb\n"two\nlines"\t"says ""no"""\n5" pipe\tx\n"open\ty'))?.text).toBe(
      'a,b\r\n"two\nlines","says ""no"""\r\n"5"" pipe",x\r\n"""open",y\r\n',
    );
  });

  test.each([
    ['indented code', 'if x:\n\treturn 1\n\treturn 2'],
    ['one row', 'a\tb'],
    ['a line with another number of cells', 'a\tb\nc\td\te'],
  ])('%s is text', async (_, text) => {
    expect(await paste(text)).toMatchObject({ type: 'text/markdown', text });
  });
});
