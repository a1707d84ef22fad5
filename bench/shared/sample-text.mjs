// English sentences of any amount, the same for the same seed: text that nobody's disk or licence has to provide.

const SUBJECTS = [
  'The keeper of the northern station',
  'A second pump behind the boiler house',
  'Every visitor with a ticket for the upper deck',
  'The committee for streets and bridges',
  'An old map in the reading room',
  'The apprentice who repaired the clock',
  'A ferry with room for forty bicycles',
  'The relief valve above the main tank',
  'The teacher from the school by the canal',
  'A row of young pear trees',
];
const VERBS = [
  'was mentioned in the report of',
  'has been inspected twice since',
  'is said to be older than',
  'was moved a few metres away from',
  'still depends on',
  'was paid for by',
  'is closed on most days because of',
  'was photographed from above together with',
];
const OBJECTS = [
  'the flood that reached the market square',
  'the tramway company and its twelve drivers',
  'a pressure of nine bar in the lower pipe',
  'the winter when the harbour froze over',
  'the garden behind the printing works',
  'the agreement about the price of electricity',
  'the long strike of the glass makers',
  'a simple rule that nobody had written down',
];
const ENDINGS = [
  ', which surprised even the engineers',
  ' and the repair took less than a week',
  ', as a letter from that year explains',
  ', although the first plan looked quite different',
  '',
  ' while the rest of the town slept',
];

/** Numbers in [0, 1) that depend on the seed only (mulberry32). */
function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function createSentences(seed) {
  const random = createRandom(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  return () =>
    `${pick(SUBJECTS)} ${pick(VERBS)} ${pick(OBJECTS)} in ${1850 + Math.floor(random() * 150)}${pick(ENDINGS)}.`;
}

/** One paragraph of at least so many characters. */
export function sampleText({ seed, characters }) {
  const sentence = createSentences(seed);
  let text = sentence();
  while (text.length < characters) text += ` ${sentence()}`;
  return text;
}

/** A Markdown document: numbered sections of a few paragraphs, each of another length. */
export function sampleDocument({ seed, sections, paragraphs = 3 }) {
  const random = createRandom(seed);
  const parts = [`# Town records, volume ${seed}`];
  for (let section = 1; section <= sections; section++) {
    parts.push(`## ${section}. Entries of book ${seed}-${section}`);
    for (let p = 0; p < paragraphs; p++)
      parts.push(
        sampleText({ seed: seed * 7919 + section * 31 + p, characters: 200 + Math.floor(random() * 900) }),
      );
  }
  return `${parts.join('\n\n')}\n`;
}
