import { expect, test } from 'vitest';
import { cellsOf, kindsOf, richText, type Workbook } from './xlsx-cells.ts';
import { attributesOf, eachElement, eachTag, textOfTag } from './xml-scan.ts';
import { streamElements } from './xml-stream.ts';

const BOOK: Workbook = { shared: [], kinds: [], is1904: false };

/** Long enough that a pattern which looks for an end from every start would take hours. */
const often = (text: string): string => text.repeat(Math.ceil(3_000_000 / text.length));

async function* bytesOf(text: string) {
  yield new TextEncoder().encode(text);
}

async function streamed(text: string) {
  const inners: string[] = [];
  for await (const { inner } of streamElements(bytesOf(text), 'row', 'sheetData', 'This file'))
    inners.push(inner);
  return inners;
}

test('elements with and without prefix, attributes and content, and where they stand', () => {
  const xml = '<r><c/><x:c a="1">one</x:c ><col>no</col><c b="2" />\n<c>two<i/></c></r>';
  const found = [...eachElement(xml, 'c')];
  expect(found.map(({ attributes, inner }) => [attributes.trim(), inner])).toEqual([
    ['', ''],
    ['a="1"', 'one'],
    ['b="2"', ''],
    ['', 'two<i/>'],
  ]);
  expect(found.map(({ start, end }) => xml.slice(start, end))).toEqual([
    '<c/>',
    '<x:c a="1">one</x:c >',
    '<c b="2" />',
    '<c>two<i/></c>',
  ]);
});

test('an element without end ends the search, those before it are found', async () => {
  expect([...eachElement('<c>1</c><c>2<c/>', 'c')].map(({ inner }) => inner)).toEqual(['1']);
  expect(await streamed('<row>1</row><row>2')).toEqual(['1']);
});

test('what is written to take hours is passed in one go', async () => {
  const first = '<c t="str"><v>7</v></c>';
  expect(cellsOf(first + often('<c>'), BOOK)).toEqual(['7']);
  expect(cellsOf(first + often('<c a="1" '), BOOK)).toEqual(['7']);
  expect(cellsOf(`<c ${often('a')}><v>7</v></c>`, BOOK)).toEqual(['7']);
  expect(await streamed(`<row>1</row>${often('<row>')}`)).toEqual(['1']);
  expect(richText(`<t>a</t>${often('<rPh>')}`)).toBe('a');
  expect(richText(`<t>a</t>${often('<t ')}`)).toBe('a');
  expect(kindsOf(often('<cellXfs '))).toEqual([]);
  expect(kindsOf(often('<cellXfs>'))).toEqual([]);
  expect([...eachTag(often('<item '), 'item')]).toEqual([]);
  expect(textOfTag(often('<dc:title '), 'dc:title')).toBeUndefined();
  expect(attributesOf(often('word')).size).toBe(0);
});

test.each([
  [0.5, '12:00'],
  [1.25, '30:00'],
  [49 / 24, '49:00'],
  [2 - 1e-10, '48:00'],
  [1 - 1e-10, '24:00'],
  [4.1 + 1 / 86_400 - 1e-12, '98:24:01'],
])('a duration of %d days reads %s', (days, shown) => {
  const workbook: Workbook = { ...BOOK, kinds: ['time'] };
  expect(cellsOf(`<c s="0"><v>${days}</v></c>`, workbook)).toEqual([shown]);
});
