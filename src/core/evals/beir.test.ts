import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AppError } from '#shared/errors.ts';
import { formatBeir, parseBeir } from './beir.ts';
import { checkDataset, judgedQueries } from './dataset.ts';

const good = {
  corpus: '{"_id":"d1","title":"One","text":"First."}\n{"_id":"d2","text":"Second."}\n',
  queries: '{"_id":"q1","text":"Which is first?"}\n{"_id":"q2","text":"Which is third?"}\n',
  qrels: 'query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\nq2\td3\t1\n',
};
const failure = async (files: Partial<typeof good>): Promise<AppError> => {
  try {
    await parseBeir('set', { ...good, ...files });
  } catch (error) {
    return error as AppError;
  }
  throw new Error('It was taken');
};

test('reads the layout; numbers as ids, null titles and further fields are taken', async () => {
  const set = await parseBeir('set', {
    ...good,
    corpus: `${good.corpus}{"_id":7,"title":null,"text":"","metadata":{"url":"x"}}`,
  });
  expect(set.documents).toEqual([
    { id: 'd1', title: 'One', text: 'First.' },
    { id: 'd2', title: '', text: 'Second.' },
    { id: '7', title: '', text: '' },
  ]);
  expect(set.judgements.get('q1')).toEqual(
    new Map([
      ['d1', 2],
      ['d2', 0],
    ]),
  );
});

test('a byte order mark, CRLF, blank lines and a missing heading change nothing', async () => {
  const crlf = (text: string): string => `\uFEFF\r\n${text.replaceAll('\n', '\r\n\r\n')}  \r\n`;
  const clean = await parseBeir('set', good);
  expect(
    await parseBeir('set', {
      corpus: crlf(good.corpus),
      queries: crlf(good.queries),
      qrels: crlf(good.qrels),
    }),
  ).toEqual(clean);
  expect(await parseBeir('set', { ...good, qrels: good.qrels.replace(/^.*\n/, '') })).toEqual(clean);
  expect(
    (await parseBeir('set', { ...good, qrels: 'q1 0 d1 2'.replaceAll(' ', '\t') })).judgements.get('q1'),
  ).toEqual(new Map([['d1', 2]]));
});

test.each([
  ['corpus', `${good.corpus}\n{"_id":`, /corpus\.jsonl, line 4: this is not JSON/],
  ['corpus', '{"_id":"d1"}', /corpus\.jsonl, line 1: “text” is missing/],
  ['corpus', '{"_id":"","text":"x"}', /line 1: “_id”/],
  ['corpus', '[1]', /line 1:/],
  ['corpus', `${good.corpus}{"_id":"d1","text":"x"}`, /line 3: the id “d1” was there before/],
  ['corpus', '\n\n', /there is no document/],
  ['queries', '{"_id":"q1","text":" "}', /queries\.jsonl, line 1: “text”/],
  ['qrels', 'query-id\tcorpus-id\tscore\nq1 d1 1\n', /qrels\/test\.tsv, line 2: a line has/],
  ['qrels', 'q1\td1\t1\n\nq1\td2\tyes\n', /line 3: the grade is a whole number, not “yes”/],
  ['qrels', 'q1\td1\t1\nq1\td1\t2\n', /line 2: “d1” was judged for “q1” before/],
  ['qrels', 'q1\td1\t1.5\n', /whole number/],
] as const)('%s: what is broken is refused by file and line', async (file, text, message) => {
  const error = await failure({ [file]: text });
  expect(error.code).toBe('input/invalid');
  expect(error.message).toMatch(message);
});

test('what is written is read back the same', async () => {
  const text = fc.string({ unit: 'binary', minLength: 1 }).filter((each) => each.trim() !== '');
  const id = fc.stringMatching(/^[\w-]{1,8}$/);
  const rows = <T>(row: fc.Arbitrary<T>) =>
    fc.uniqueArray(row, { minLength: 1, selector: (each) => (each as { id: string }).id });
  const set = fc.record({
    name: fc.constant('set'),
    documents: rows(fc.record({ id, title: fc.string(), text: fc.string({ unit: 'binary' }) })),
    queries: rows(fc.record({ id, text: text.map((each) => each.trim()) })),
    judgements: fc
      .array(
        fc.tuple(
          id,
          fc.dictionary(id, fc.integer({ min: 0, max: 3 }), { minKeys: 1, noNullPrototype: true }),
        ),
      )
      .map((entries) => new Map(entries.map(([query, grades]) => [query, new Map(Object.entries(grades))]))),
  });
  await fc.assert(
    fc.asyncProperty(set, async (dataset) => {
      expect(await parseBeir('set', formatBeir(dataset))).toEqual(dataset);
    }),
  );
});

test('says what is judged but not there; a set without anything to score is refused', async () => {
  const set = await parseBeir('set', good);
  expect(checkDataset(set)).toEqual({ missingDocuments: ['d3'], missingQueries: [] });
  expect(judgedQueries(set).map(({ id }) => id)).toEqual(['q1', 'q2']);
  expect(
    checkDataset(await parseBeir('set', { ...good, qrels: 'q1\td1\t1\nq9\td1\t1' })).missingQueries,
  ).toEqual(['q9']);
  const unjudged = await parseBeir('set', { ...good, qrels: 'q1\td1\t0\nq9\td1\t1' });
  expect(() => checkDataset(unjudged)).toThrow(/nothing to score/);
});

test('a large set lets other work in while it is read', async () => {
  const rows = Array.from({ length: 200_000 }, (_, i) => `{"_id":"d${i}","text":"Text ${i}."}\n`);
  let hasOtherWork = false;
  setTimeout(() => {
    hasOtherWork = true;
  });
  await parseBeir('set', { ...good, corpus: rows.join('') });
  expect(hasOtherWork).toBe(true);
});
