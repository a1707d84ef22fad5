export interface MarkdownBlock {
  readonly text: string;
  /** Character offset in the whole text. */
  readonly start: number;
}

/**
 * Cuts Markdown at blank lines into blocks that render alone, so that a streamed token renders only the last one.
 * Fenced code, display math, lists and tables stay whole; link definitions keep working only within their block.
 */
export function splitBlocks(text: string): readonly MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  let start = 0;
  let at = 0;
  let fence: string | undefined;
  let isMath = false;
  let isBlank = false;
  for (const line of text.split('\n')) {
    const trimmed = line.trimStart();
    const mark = /^(`{3,}|~{3,})/.exec(trimmed)?.[1];
    const continues = /^(\s|[-*+] |\d+[.)] |\||>)/.test(line);
    if (isBlank && fence === undefined && !isMath && !continues && trimmed !== '') {
      blocks.push({ text: text.slice(start, at), start });
      start = at;
    }
    if (fence !== undefined) {
      if (mark?.startsWith(fence) && trimmed.replace(/[`~]/g, '').trim() === '') fence = undefined;
    } else if (mark !== undefined) fence = mark;
    else if (trimmed.startsWith('$$') && !(trimmed.length > 2 && trimmed.trimEnd().endsWith('$$')))
      isMath = !isMath;
    isBlank = trimmed === '';
    at += line.length + 1;
  }
  if (start < text.length) blocks.push({ text: text.slice(start), start });
  return blocks;
}
