import { Tokenizer as HfTokenizer } from '@huggingface/tokenizers';
import * as v from 'valibot';
import type { ModelSpec } from '#core/ports/model.ts';
import type { Tokenizer, TokenSpan } from '#core/ports/tokenizer.ts';
import { AppError } from '#shared/errors.ts';
import { type TracedText, traceNormalized } from './trace-normalized.ts';

/** Words that are remembered: a text repeats most of its words. */
const KEPT_WORDS = 20_000;
const KEPT_WORD_CHARS = 40;

/** White space to the tokenizers; the other white space of JavaScript are control characters, which vanish. */
const WORD = /(?:[\S\v\f\uFEFF])+/g;

const tokenizerSchema = v.looseObject({ model: v.looseObject({ type: v.string() }) });
const configSchema = v.looseObject({});

/** The tokenizer of a stored model. Errors: those of `openFile`, model/integrity. */
export async function loadHfTokenizer(
  model: ModelSpec,
  openFile: (modelId: string, path: string) => Promise<File>,
): Promise<Tokenizer> {
  const [json, config] = await Promise.all([
    openFile(model.id, 'tokenizer.json'),
    openFile(model.id, 'tokenizer_config.json'),
  ]);
  try {
    return createHfTokenizer(JSON.parse(await json.text()), JSON.parse(await config.text()));
  } catch (error) {
    throw new AppError(
      'model/integrity',
      `The tokenizer of ${model.label} cannot be read. Delete the model and download it again.`,
      { cause: error },
    );
  }
}

/**
 * Word by word, as these tokenizers see a text, so that every token's place is known exactly: the library itself gives
 * none. A character that makes several tokens (a Hangul syllable) belongs to the first; the others are empty spans
 * behind it.
 */
function createHfTokenizer(tokenizerJson: unknown, tokenizerConfig: unknown): Tokenizer {
  const hf = new HfTokenizer(v.parse(tokenizerSchema, tokenizerJson), v.parse(configSchema, tokenizerConfig));
  const spansOfWord = createWordEncoder(hf);
  const kept = new Map<string, readonly TokenSpan[]>();

  function wordSpans(word: string): readonly TokenSpan[] {
    if (word.length > KEPT_WORD_CHARS) return spansOfWord(word);
    const known = kept.get(word);
    if (known !== undefined) return known;
    if (kept.size >= KEPT_WORDS) kept.clear();
    const spans = spansOfWord(word);
    kept.set(word, spans);
    return spans;
  }

  return {
    specialTokens: hf.encode('').ids.length,
    encode(text) {
      const spans: TokenSpan[] = [];
      for (const { 0: word, index } of text.matchAll(WORD))
        for (const { start, end } of wordSpans(word)) spans.push({ start: start + index, end: end + index });
      return spans;
    },
    count(text) {
      let count = 0;
      for (const [word] of text.matchAll(WORD)) count += wordSpans(word).length;
      return count;
    },
  };
}

function createWordEncoder(hf: HfTokenizer): (word: string) => readonly TokenSpan[] {
  const normalizedChars = new Map<string, string>();
  const splitter = addedTokenPattern(hf);

  function normalize(text: string): string {
    if (hf.normalizer === null) return text;
    if (text.length > 2) return hf.normalizer.normalize(text);
    let normalized = normalizedChars.get(text);
    if (normalized === undefined) {
      normalized = hf.normalizer.normalize(text);
      normalizedChars.set(text, normalized);
    }
    return normalized;
  }

  function plainSpans(text: string, offset: number, section: number): TokenSpan[] {
    const traced = traceNormalized(text, normalize);
    const pieces = hf.pre_tokenizer?.pre_tokenize(traced.text, { section_index: section }) ?? [traced.text];
    const spans: TokenSpan[] = [];
    let at = 0;
    for (const piece of pieces) {
      const bare = piece.replaceAll('\u2581', '');
      const found = bare === '' ? at : traced.text.indexOf(bare, at);
      const from = found < 0 ? at : found;
      const to = found < 0 ? traced.text.length : from + bare.length;
      for (const { start, end } of placeTokens(hf.model?._call([piece]) ?? [], traced, from, to))
        spans.push({ start: start + offset, end: end + offset });
      at = to;
    }
    return spans;
  }

  return (word) => {
    const spans: TokenSpan[] = [];
    let at = 0;
    word.split(splitter).forEach((part, section) => {
      const isAddedToken = section % 2 === 1; // the pattern is one capturing group
      if (isAddedToken) spans.push({ start: at, end: at + part.length });
      else if (part !== '') spans.push(...plainSpans(part, at, section));
      at += part.length;
    });
    return withoutOverlap(spans);
  };
}

/** Tokens of one piece, laid along its text; one that is not in the text (unknown) reaches to the next that is. */
function placeTokens(tokens: readonly string[], traced: TracedText, from: number, to: number): TokenSpan[] {
  const surfaces = tokens.map((token, i) =>
    (i > 0 ? token.replace(/^##/, '') : token).replaceAll('\u2581', ''),
  );
  const spans: TokenSpan[] = [];
  let at = from;
  surfaces.forEach((surface, i) => {
    let end = at;
    if (traced.text.startsWith(surface, at) && at + surface.length <= to) end = at + surface.length;
    else {
      const next = surfaces.slice(i + 1).find((later) => later !== '');
      const found = next === undefined ? -1 : traced.text.indexOf(next, at + 1);
      end = found < 0 || found > to ? to : found;
    }
    const start = traced.starts[at] ?? traced.ends[at - 1] ?? 0;
    spans.push({ start, end: end > at ? (traced.ends[end - 1] ?? start) : start });
    at = end;
  });
  return spans;
}

function withoutOverlap(spans: readonly TokenSpan[]): readonly TokenSpan[] {
  let last = 0;
  return spans.map(({ start, end }) => {
    const span = { start: Math.max(start, last), end: Math.max(end, start, last) };
    last = span.end;
    return span;
  });
}

/** Texts that are tokens of their own wherever they stand, such as a literal [SEP]. */
function addedTokenPattern(hf: HfTokenizer): RegExp {
  const contents = [...hf.get_added_tokens_decoder().values()]
    .map(({ content }) => content)
    .filter((content) => content !== '')
    .sort((a, b) => b.length - a.length)
    .map((content) => content.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return contents.length === 0 ? /($^)/ : new RegExp(`(${contents.join('|')})`);
}
