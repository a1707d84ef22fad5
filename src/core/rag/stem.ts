const VOWEL = /[aeiouy]/;
const DOUBLED = /([^aeiouylsz])\1$/;
const SHORT_END = /^[^aeiou]*[aeiouy][^aeiouywx]$/;

/** Vowel-consonant sequences in a stem: Porter's measure m. */
function measure(stem: string): number {
  return stem.replace(/^[^aeiouy]+/, '').match(/[aeiouy]+[^aeiouy]+/g)?.length ?? 0;
}

const STEP_2: readonly (readonly [string, string])[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['ization', 'ize'],
  ['isation', 'ize'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['iveness', 'ive'],
  ['biliti', 'ble'],
  ['ation', 'ate'],
  ['alism', 'al'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['entli', 'ent'],
  ['ousli', 'ous'],
  ['ator', 'ate'],
  ['alli', 'al'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['abli', 'able'],
  ['eli', 'e'],
];
const STEP_3: readonly (readonly [string, string])[] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ness', ''],
  ['ful', ''],
];
const STEP_4 = /(?:ement|ance|ence|able|ible|ment|(?<=[st])ion|ant|ent|ism|ate|iti|ous|ive|ize|al|er|ic|ou)$/;

function replaceEnd(word: string, table: readonly (readonly [string, string])[]): string {
  for (const [end, by] of table) {
    if (!word.endsWith(end)) continue;
    const stem = word.slice(0, -end.length);
    return measure(stem) > 0 ? stem + by : word;
  }
  return word;
}

function withoutPlural(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (word.endsWith('ies')) return `${word.slice(0, -3)}${word.length > 4 ? 'i' : 'ie'}`;
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word;
}

function withoutPast(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const stem = word.replace(/(?:ed|ing)$/, '');
  if (stem === word || !VOWEL.test(stem)) return word;
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (DOUBLED.test(stem)) return stem.slice(0, -1);
  return measure(stem) === 1 && SHORT_END.test(stem) ? `${stem}e` : stem;
}

/**
 * The stem of a lower-case English word (M. F. Porter, An algorithm for suffix stripping, 1980, with `ied`, `isation`
 * and whole vowels of later practice). Words that are short or not in Latin letters stay as they are.
 */
export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  let result = withoutPast(withoutPlural(word));
  if (result.endsWith('y') && VOWEL.test(result.slice(0, -1))) result = `${result.slice(0, -1)}i`;
  result = replaceEnd(replaceEnd(result, STEP_2), STEP_3);
  const shorter = result.replace(STEP_4, '');
  if (shorter !== result && measure(shorter) > 1) result = shorter;
  if (result.endsWith('e')) {
    const bare = result.slice(0, -1);
    if (measure(bare) > 1 || (measure(bare) === 1 && !SHORT_END.test(bare))) result = bare;
  }
  return measure(result) > 1 && result.endsWith('ll') ? result.slice(0, -1) : result;
}
