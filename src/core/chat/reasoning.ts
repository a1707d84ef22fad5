interface ReasoningDelta {
  readonly type: 'text-delta' | 'reasoning-delta';
  readonly text: string;
}

export interface ReasoningSplitter {
  push(text: string): readonly ReasoningDelta[];
  flush(): readonly ReasoningDelta[];
}

const OPEN = ['<think>', '<thinking>'] as const;
const CLOSE = ['</think>', '</thinking>'] as const;

interface Found {
  readonly at: number;
  readonly length: number;
}

function find(text: string, tags: readonly string[]): Found | undefined {
  let first: Found | undefined;
  for (const tag of tags) {
    const at = text.indexOf(tag);
    if (at >= 0 && (first === undefined || at < first.at)) first = { at, length: tag.length };
  }
  return first;
}

function possibleTail(text: string, tags: readonly string[]): number {
  let longest = 0;
  for (const tag of tags)
    for (let n = Math.min(tag.length - 1, text.length); n > longest; n--)
      if (text.endsWith(tag.slice(0, n))) {
        longest = n;
        break;
      }
  return longest;
}

/**
 * Splits `<think>…</think>` off a streamed answer, wherever a tag is cut between two tokens. A block counts as reasoning
 * only where a turn or a line starts, so that an answer may still write about the tag. White space around a block is
 * dropped, an empty block yields nothing. `continues`: the text goes on in the middle of a line, whose white space counts.
 */
export function createReasoningSplitter(options: { readonly continues?: boolean } = {}): ReasoningSplitter {
  let isInside = false;
  let held = '';
  /** True until the current section has shown a character that is not white space. */
  let isFresh = !options.continues;

  function show(out: ReasoningDelta[], text: string): void {
    const shown = isFresh ? text.trimStart() : text;
    if (shown === '') return;
    isFresh = false;
    const type = isInside ? 'reasoning-delta' : 'text-delta';
    const last = out.at(-1);
    if (last?.type === type) out[out.length - 1] = { type, text: last.text + shown };
    else out.push({ type, text: shown });
  }

  function switchTo(inside: boolean): void {
    isInside = inside;
    isFresh = true;
  }

  /** The trailing white space of a section is held until it is known that the section goes on. */
  function drain(out: ReasoningDelta[], isEnd: boolean): void {
    while (held !== '') {
      const tags = isInside ? CLOSE : OPEN;
      const found = find(held, tags);
      if (found !== undefined) {
        const before = held.slice(0, found.at);
        const isLineStart = before.trim() === '' ? isFresh || before.includes('\n') : /\n\s*$/.test(before);
        const opens = isInside || isLineStart;
        if (!opens) {
          show(out, held.slice(0, found.at + found.length));
          held = held.slice(found.at + found.length);
          continue;
        }
        show(out, before.trimEnd());
        held = held.slice(found.at + found.length);
        switchTo(!isInside);
        continue;
      }
      const keep = isEnd ? 0 : possibleTail(held, tags);
      const body = held.slice(0, held.length - keep);
      const solid = isEnd && !isInside ? body : body.trimEnd();
      show(out, solid);
      held = isEnd ? '' : held.slice(solid.length);
      return;
    }
  }

  return {
    push(text) {
      held += text;
      const out: ReasoningDelta[] = [];
      drain(out, false);
      return out;
    },
    flush() {
      const out: ReasoningDelta[] = [];
      drain(out, true);
      return out;
    },
  };
}
