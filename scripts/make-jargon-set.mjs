// node scripts/make-jargon-set.mjs <folder>   writes e2e/fixtures/beir-jargon from the Jargon File (public domain).
// <folder> holds jargon.index and jargon.dict.dz of Debian's package dict-jargon:
//   apt-get download dict-jargon && dpkg -x dict-jargon_*.deb x     then x/usr/share/dictd
// Questions and grades are written by hand in questions.tsv beside the result.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

const TARGET = resolve(import.meta.dirname, '../e2e/fixtures/beir-jargon');
const DOCUMENTS = 900;
/** Shorter ones only point to another entry; longer ones are cut at the end of a sentence, so that a document is a passage. */
const LEAST_WORDS = 6;
const MOST_WORDS = 120;
/** Entries that are not for a test corpus that everybody reads. */
const LEFT_OUT =
  /\b(?:fuck|shit|cunt|rape|bitch|whore|sexual|porn|pubic|tits|nipple|penis|nigg|retard|erotic|masturb|suicid)/i;

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Offsets and lengths of a dictd index are numbers to the base 64. */
const number64 = (text) => [...text].reduce((sum, digit) => sum * 64 + DIGITS.indexOf(digit), 0);

function entriesOf(folder) {
  const texts = gunzipSync(readFileSync(join(folder, 'jargon.dict.dz')));
  const places = new Map();
  for (const line of readFileSync(join(folder, 'jargon.index'), 'utf8').split('\n')) {
    const [word, offset, length] = line.split('\t');
    if (length !== undefined && !word.startsWith('00-')) places.set(number64(offset), number64(length));
  }
  return [...places]
    .sort(([a], [b]) => a - b)
    .map(([offset, length]) => {
      const [title, ...body] = texts.toString('utf8', offset, offset + length).split('\n');
      return {
        title: title.trim(),
        text: shortened(body.join('\n').replace(/[{}]/g, '').replace(/\s+/g, ' ').trim()),
      };
    });
}

function shortened(text) {
  const words = text.split(' ');
  if (words.length <= MOST_WORDS) return text;
  const cut = words.slice(0, MOST_WORDS).join(' ');
  const end = Math.max(
    ...['. ', '? ', '! ', '.” ', '.) '].map((mark) => cut.lastIndexOf(mark) + mark.trimEnd().length),
  );
  return end > cut.length / 2 ? cut.slice(0, end) : cut;
}

const idOf = (title) =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** Rows of questions.tsv: id, question, then 'title:grade' a cell. */
function questions() {
  return readFileSync(join(TARGET, 'questions.tsv'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id, text, ...grades] = line.split('\t');
      return {
        id,
        text,
        grades: grades.map((cell) => [
          cell.slice(0, cell.lastIndexOf(':')),
          Number(cell.slice(cell.lastIndexOf(':') + 1)),
        ]),
      };
    });
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Say where jargon.index and jargon.dict.dz are.');
const asked = questions();
const judged = new Set(asked.flatMap(({ grades }) => grades.map(([title]) => title)));
const usable = entriesOf(resolve(folder)).filter(
  ({ title, text }) => text.split(' ').length >= LEAST_WORDS && !LEFT_OUT.test(`${title} ${text}`),
);
const absent = [...judged].filter((title) => !usable.some((entry) => entry.title === title));
if (absent.length > 0) throw new Error(`Judged, but not usable: ${absent.join(', ')}`);
// The rest by the hash of the title: no choice of ours, and the same each time.
const rank = ({ title }) =>
  judged.has(title) ? ` ${title}` : createHash('sha256').update(title).digest('hex');
const byId = new Map();
for (const entry of [...usable].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)))
  if (byId.size < DOCUMENTS && !byId.has(idOf(entry.title))) byId.set(idOf(entry.title), entry);

const lines = (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
mkdirSync(join(TARGET, 'qrels'), { recursive: true });
writeFileSync(
  join(TARGET, 'corpus.jsonl'),
  lines([...byId].sort().map(([id, { title, text }]) => ({ _id: id, title, text }))),
);
writeFileSync(join(TARGET, 'queries.jsonl'), lines(asked.map(({ id, text }) => ({ _id: id, text }))));
writeFileSync(
  join(TARGET, 'qrels/test.tsv'),
  `query-id\tcorpus-id\tscore\n${asked
    .flatMap(({ id, grades }) => grades.map(([title, grade]) => `${id}\t${idOf(title)}\t${grade}\n`))
    .join('')}`,
);
console.log(`${byId.size} documents, ${asked.length} questions`);
