import { stem } from './stem.ts';

export interface Word {
  /** UTF-16 offsets in the text it was taken from, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Lower case, without accents, stemmed; a number as its plain decimal. Words that mean the same are equal here. */
  readonly key: string;
  /** The number that digits or a number word stand for. */
  readonly value?: number;
  /** Written with digits: 11, 3.5, 1,000. */
  readonly isDigits: boolean;
  /** A function word that says nothing about a subject. */
  readonly isStop: boolean;
  /** Begins with a capital letter or mixes letters and digits, as names and type numbers do. */
  readonly isNameLike: boolean;
}

// Tables are made by calls that are marked as pure: whoever imports only the prompt from this noun gets none of them.
const STOP_WORDS = /* @__PURE__ */ listOf(
  "a about after all also am an and any are aren't as at be because been being both but by can can't cannot could " +
    "did didn't do does doesn't doing don't each either else ever every for from further get gets got had has have " +
    'having he hence her here hers herself him himself his how however i if in into is isn it its itself just ' +
    'let may me might more most must my myself no nor not of off on once only or other our ours out over own ' +
    'per please rather same shall she should so some such than that the their theirs them themselves then there ' +
    "therefore these they this those through thus to too under until up upon us very was wasn't we were weren't what " +
    "when where whether which while who whom whose why will with within without won't would yes yet you your yours " +
    "it's that's there's what's who's let's okay ok sure one tell",
);

function listOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}

const NUMBER_WORDS = /* @__PURE__ */ tableOf(
  'zero 0|two 2|three 3|four 4|five 5|six 6|seven 7|eight 8|nine 9|ten 10|eleven 11|twelve 12|thirteen 13|' +
    'fourteen 14|fifteen 15|sixteen 16|seventeen 17|eighteen 18|nineteen 19|twenty 20|thirty 30|forty 40|fifty 50|' +
    'sixty 60|seventy 70|eighty 80|ninety 90|hundred 100|thousand 1000|million 1000000|twice 2|dozen 12',
);

function tableOf(entries: string): ReadonlyMap<string, number> {
  return new Map(
    entries.split('|').map((entry): [string, number] => {
      const [word = '', value = '0'] = entry.split(' ');
      return [word, Number(value)];
    }),
  );
}

// A number with its thousands and decimals; a word with inner apostrophes; one character of a script without spaces.
const WORD =
  /(?<![\p{L}\p{M}])\p{Nd}+(?:[.,’' \u00a0\u202f]\p{Nd}{3}(?!\p{Nd}))*(?:[.,]\p{Nd}+)?(?![\p{L}\p{N}])|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}\p{N}])+(?:['’](?:(?!\p{Script=Han})[\p{L}\p{M}])+)*/gu;

/** The same for a text of plain ASCII letters: without tables of all scripts it takes a third of the time. */
const ASCII_WORD =
  /(?<![A-Za-z])[0-9]+(?:[.,' ][0-9]{3}(?![0-9]))*(?:[.,][0-9]+)?(?![A-Za-z0-9])|[A-Za-z0-9]+(?:'[A-Za-z]+)*/g;
const IS_ASCII = /^[\0-\x7f]*$/;

/** Lower case and without accents; ligatures and wide forms become plain letters. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/’/g, "'")
    .replace(/ß/g, 'ss');
}

/** 1,000 and 1 000 are a thousand; 3.5 and 3,5 are three and a half. */
function numberOf(digits: string): number {
  let plain = digits.normalize('NFKC').replace(/[\s’']/g, '');
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(plain)) plain = plain.replaceAll(',', '');
  else if (/^\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?$/.test(plain)) plain = plain.replaceAll('.', '');
  return Number(plain.replace(',', '.'));
}

/** What is known of a word wherever it stands. */
type PlacelessWord = Omit<Word, 'start' | 'end'>;

/** So many words are remembered; then it begins anew, which costs no more than they did. */
const REMEMBERED = 16_384;
/** A longer piece of a text holds on to all of it (engines share the letters), and comes seldom. */
const LONGEST_REMEMBERED = 12;
const remembered = /* @__PURE__ */ new Map<string, PlacelessWord>();

/** A text has few words often: of each, folding and stemming are done once. */
function wordAt(raw: string, start: number): Word {
  let word = remembered.get(raw);
  if (word === undefined) {
    if (remembered.size >= REMEMBERED) remembered.clear();
    word = wordOf(raw);
    if (raw.length <= LONGEST_REMEMBERED) remembered.set(raw, word);
  }
  return { start, end: start + raw.length, ...word };
}

function wordOf(raw: string): PlacelessWord {
  const folded = fold(raw);
  if (/^\p{Nd}/u.test(raw) && !/\p{L}/u.test(raw)) {
    const value = numberOf(raw);
    if (Number.isFinite(value))
      return { key: String(value), value, isDigits: true, isStop: false, isNameLike: false };
  }
  const value = NUMBER_WORDS.get(folded);
  const bare = folded.replace(/'s$/, '');
  return {
    key: value === undefined ? stem(bare.replaceAll("'", '')) : String(value),
    ...(value === undefined ? {} : { value }),
    isDigits: false,
    isStop: STOP_WORDS.has(folded) || bare.length === 0 || (bare.length === 1 && /^[a-z]$/.test(bare)),
    isNameLike: /^\p{Lu}/u.test(raw) || (/\p{L}/u.test(raw) && /\p{N}/u.test(raw)),
  };
}

/** The words of a text in order. Scripts without spaces give one word a character. */
export function wordsOf(text: string): readonly Word[] {
  return splitUnits(text).map(({ raw, start }) => wordAt(raw, start));
}

const BEGINS_WITH_DIGIT = /^\p{Nd}/u;
const NUMBER_AND_UNIT =
  /^(\p{Nd}+)(min|mins|ms|kg|mg|mm|cm|km|ml|hz|khz|mhz|ghz|kb|mb|gb|kw|mpa|psi|bar|rpm|[smghlvwac])$/iu;

/** 11min, 90°C and 5mm are a number and its unit; RV200 and 2nd are one word. */
function splitUnits(text: string): readonly { readonly raw: string; readonly start: number }[] {
  const found: { raw: string; start: number }[] = [];
  for (const { 0: raw, index } of text.matchAll(IS_ASCII.test(text) ? ASCII_WORD : WORD)) {
    const unit = BEGINS_WITH_DIGIT.test(raw) ? NUMBER_AND_UNIT.exec(raw) : null;
    if (unit?.[1] === undefined || unit[2] === undefined) found.push({ raw, start: index });
    else found.push({ raw: unit[1], start: index }, { raw: unit[2], start: index + unit[1].length });
  }
  return found;
}

/** Words that say what a text is about. */
export function contentWords(text: string): readonly Word[] {
  return wordsOf(text).filter((word) => !word.isStop);
}
