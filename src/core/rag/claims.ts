import { CITATION, citedNumbers } from '#shared/citations.ts';
import { type Span, sentencesOf } from './sentences.ts';
import { contentWords } from './words.ts';

export interface Claim extends Span {
  /** The sentence without its source numbers and Markdown marks. */
  readonly text: string;
  /** Source numbers that the model wrote behind it. */
  readonly cited: readonly number[];
}

const MARKER = /^(?:[ \t]*(?:>|[-*+•–]|\d{1,3}[.)])[ \t]+)+(?:\[[ xX]\][ \t]+)?/;
const HEADING = /^[ \t]*#{1,6}[ \t]/;
const RULE_OR_TABLE_LINE = /^[\s|:*_=-]+$/;
/** What a model says about its answer or its sources is no statement of a fact that a document could hold. */
const TALK =
  /^(?:sure|certainly|of course|absolutely|okay|ok|great|here (?:is|are)\b|here's|below (?:is|are)\b|let me know|i hope|hope this|feel free|please let|in summary[,:]?$|to summari[sz]e[,:]?$|if you have (?:any|more)|i (?:do not|don't|cannot|can't|could not|couldn't) (?:know|find|answer|see|have)|i'm sorry|i am sorry|sorry|unfortunately,? (?:the|there|i)\b.*(?:source|document|passage|context|find|contain|mention)|(?:the|these|none of the|no) (?:provided |given )?(?:sources?|documents?|passages?|context)(?: above| below| provided)? (?:do|does|did|is|are)?\s*(?:not|n't|no\b|contains? no|provides? no)|(?:based on|according to) the (?:provided |given )?(?:sources?|documents?|passages?|context)[,:]?$|source\b\s*(?:\[?\d|:)|sources:)/i;

/** Code blocks, as ranges of the answer: code is not prose that could be checked. */
function codeRanges(answer: string): readonly Span[] {
  const ranges: Span[] = [];
  const fence = /^[ \t]*(```+|~~~+)[^\n]*$/gm;
  let open: { start: number; mark: string } | undefined;
  for (const match of answer.matchAll(fence)) {
    const mark = match[1] ?? '';
    if (open === undefined) open = { start: match.index, mark };
    else if (mark.startsWith(open.mark)) {
      ranges.push({ start: open.start, end: match.index + match[0].length });
      open = undefined;
    }
  }
  if (open) ranges.push({ start: open.start, end: answer.length });
  return ranges;
}

/** The stretches between code blocks. */
export function proseRanges(answer: string): readonly Span[] {
  const prose: Span[] = [];
  let at = 0;
  for (const { start, end } of codeRanges(answer)) {
    if (start > at) prose.push({ start: at, end: start });
    at = end;
  }
  if (at < answer.length) prose.push({ start: at, end: answer.length });
  return prose;
}

function plain(sentence: string): string {
  return sentence
    .replace(CITATION, ' ')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`~|]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function isClaim(text: string, raw: string): boolean {
  if (HEADING.test(raw) || RULE_OR_TABLE_LINE.test(raw)) return false;
  if (/^\*\*[^*]+\*\*:?$/.test(raw.trim())) return false; // a line of bold type stands for a heading
  if (/\?["'”’)]*$/.test(text) || /[:：]$/.test(text)) return false;
  if (TALK.test(text)) return false;
  return contentWords(text).length > 0;
}

/** Every sentence of an answer's prose, whether it states something or not: headings, questions and lead-ins too. */
export function sentencesOfAnswer(answer: string): readonly (Claim & { readonly isClaim: boolean })[] {
  return proseRanges(answer).flatMap((range) =>
    sentencesOf(answer, range.start, range.end).map((sentence) => {
      const whole = answer.slice(sentence.start, sentence.end);
      const marker = MARKER.exec(whole)?.[0].length ?? 0;
      const raw = whole.slice(marker);
      const text = plain(raw);
      return {
        start: sentence.start + marker,
        end: sentence.end,
        text,
        cited: citedNumbers(raw),
        isClaim: isClaim(text, raw),
      };
    }),
  );
}

/**
 * The sentences of an answer that state something. Not among them: questions, headings, lead-ins that end with a colon,
 * code, what the model says about its answer (“Here is …”, “The sources do not say …”), and sentences of function words
 * only (“Yes.”): these get no mark at all, neither a source nor “not in the documents”.
 *
 * Offsets are exact: a list marker lies before its sentence, source numbers behind a full stop belong to it.
 */
export function claimsOf(answer: string): readonly Claim[] {
  return sentencesOfAnswer(answer)
    .filter((sentence) => sentence.isClaim)
    .map(({ start, end, text, cited }) => ({ start, end, text, cited }));
}
