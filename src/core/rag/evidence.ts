import type { Word } from './words.ts';
import { wordsOf } from './words.ts';

/** What a claim and a passage's span are compared by. */
export interface Facts {
  readonly words: readonly Word[];
  /** Content words by key. */
  readonly keys: ReadonlySet<string>;
  /** Numbers with the unit behind them, if it is one that is known. */
  readonly quantities: readonly Quantity[];
  /** Content words that stand only in clauses with a negation. */
  readonly negated: ReadonlySet<string>;
}

export interface Quantity {
  /** Offsets of the number in the text. */
  readonly start: number;
  readonly end: number;
  readonly value: number;
  readonly unit: string | undefined;
  /** Written with digits: meant exactly. */
  readonly isDigits: boolean;
}

// All ways to write a unit, by the first of them; stems, as words have them.
const UNITS = /* @__PURE__ */ unitsOf(
  's second sec|min minut mins|h hour hr hrs|day dai|week|month|year yr|ms millisecond|g gram gramm|kg kilogram kilo|mg milligram|' +
    'm metr meter|cm centimetr centimet|mm millimetr millimet|km kilometr kilomet|l litr liter|ml millilitr millilit|' +
    'bar|pa pascal|kpa kilopasc|mpa|psi|c celsiu|f fahrenheit|w watt|kw kilowatt|v volt|a amp amper|hz hertz|khz|mhz|ghz|' +
    'kb|mb|gb|tb|percent %|euro €|dollar $|pound lb|rpm|degre °|mile|foot feet ft|inch',
);

function unitsOf(groups: string): ReadonlyMap<string, string> {
  return new Map(
    groups.split('|').flatMap((group) => {
      const forms = group.split(' ');
      return forms.map((form): [string, string] => [form, forms[0] ?? form]);
    }),
  );
}

const NEGATION = /^(?:not|no|never|none|neither|nor|without|cannot|nothing|hardly)$/;
const NEGATED_VERB = /n['’]t$/i;

function unitAfter(text: string, word: Word, next: Word | undefined): string | undefined {
  const sign = /^\s*([%€$°])\s*([CF]\b)?/.exec(text.slice(word.end, word.end + 4));
  if (sign?.[1]) return UNITS.get(sign[2]?.toLowerCase() ?? sign[1]);
  const before = text.charAt(word.start - 1);
  if (before === '€' || before === '$') return UNITS.get(before);
  if (next === undefined || !/^[\s-]*$/.test(text.slice(word.end, next.start))) return undefined;
  return UNITS.get(next.key);
}

function quantitiesOf(text: string, words: readonly Word[]): readonly Quantity[] {
  return words.flatMap((word, i) => {
    if (word.value === undefined) return [];
    const [joint, upper, unit] = words.slice(i + 1, i + 4);
    // '50 to 80 mg', '50-80 mg': the unit stands behind the second.
    const isSpelled = joint !== undefined && /^(?:to|and|or)$/.test(text.slice(joint.start, joint.end));
    const isDashed = joint?.value !== undefined && /^\s*[-–]\s*$/.test(text.slice(word.end, joint.start));
    const end = isDashed ? joint : isSpelled && upper?.value !== undefined ? upper : undefined;
    const own = unitAfter(text, word, joint);
    const shared = end && unitAfter(text, end, isDashed ? upper : unit);
    const { start, end: stop, value, isDigits } = word;
    return [{ start, end: stop, value, unit: own ?? shared, isDigits }];
  });
}

/** Where a clause ends: a negation does not reach further. */
const CLAUSE_END = /[,;:.!?()–—]/;
const CLAUSE_WORDS =
  /^(?:and|but|or|because|since|as|which|that|so|if|when|while|whereas|although|though|until|unless)$/;

/** Content words of clauses with a negation that stand in no clause without one. */
function negatedKeys(text: string, words: readonly Word[]): ReadonlySet<string> {
  const negated = new Set<string>();
  const stated = new Set<string>();
  let clause: string[] = [];
  let isNegated = false;
  let last = 0;
  const close = (): void => {
    for (const key of clause) (isNegated ? negated : stated).add(key);
    clause = [];
    isNegated = false;
  };
  for (const word of words) {
    const raw = text.slice(word.start, word.end).toLowerCase();
    if (CLAUSE_END.test(text.slice(last, word.start)) || CLAUSE_WORDS.test(raw)) close();
    last = word.end;
    if (NEGATION.test(raw) || NEGATED_VERB.test(raw)) isNegated = true;
    else if (!word.isStop) clause.push(word.key);
  }
  close();
  return new Set([...negated].filter((key) => !stated.has(key)));
}

function isNegationLost(one: Facts, other: Facts): boolean {
  const lost = [...one.negated].some((key) => other.keys.has(key) && !other.negated.has(key));
  // 'need no oil' and 'do not need oil' say the same.
  return lost && ![...one.negated].some((key) => other.negated.has(key));
}

export function factsOf(text: string): Facts {
  const words = wordsOf(text);
  return {
    words,
    keys: new Set(words.filter(({ isStop }) => !isStop).map(({ key }) => key)),
    quantities: quantitiesOf(text, words),
    negated: negatedKeys(text, words),
  };
}

/** Whether a text does not hold this number with its unit. */
export function isWrongNumber({ value, unit, isDigits }: Quantity, span: Facts): boolean {
  const same = span.quantities.filter((other) => other.value === value);
  // 'two ways' may be counted by the writer; a unit or digits are stated.
  if (same.length === 0) return isDigits || unit !== undefined;
  return unit !== undefined && same.every((other) => other.unit !== undefined && other.unit !== unit);
}

/** A number of the claim that the span does not hold with that unit: another fact, however alike the words are. */
export function hasWrongNumber(claim: Facts, span: Facts): boolean {
  return claim.quantities.some((quantity) => isWrongNumber(quantity, span));
}

// Pairs of which a claim has one and its source the other; stems.
const OPPOSITES = /* @__PURE__ */ oppositesOf(
  'befor after|increas decreas|rise fall|open close|left right|minimum maximum|more less|hot cold|high low|highest lowest|' +
    'higher lower|start stop|clockwis counterclockwis|clockwis anticlockwis|abov below|first last|allow forbid|allow prohibit|' +
    'safe unsaf|import export|enabl disabl|on off|north south|east west|win lose|won lost|alwai never|largest smallest|' +
    'oldest youngest|longer shorter|longest shortest|add remov|tighten loosen|insid outsid|upper lower|true fals',
);

function oppositesOf(pairs: string): ReadonlyMap<string, string> {
  return new Map(
    pairs.split('|').flatMap((pair): [string, string][] => {
      const [one = '', other = ''] = pair.split(' ');
      return [
        [one, other],
        [other, one],
      ];
    }),
  );
}

/** The claim says the contrary: what one negates the other does not, or a word stands against its opposite. */
export function isContrary(claim: Facts, span: Facts): boolean {
  if (isNegationLost(claim, span) || isNegationLost(span, claim)) return true;
  const spanWords = new Set(span.words.map(({ key }) => key));
  const claimWords = new Set(claim.words.map(({ key }) => key));
  for (const key of claimWords) {
    const opposite = OPPOSITES.get(key);
    if (opposite && spanWords.has(opposite) && !spanWords.has(key) && !claimWords.has(opposite)) return true;
  }
  return false;
}
