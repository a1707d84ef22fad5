import type { ParsedHeading } from '#core/ports/document-parser.ts';
import { createBreather } from '#shared/breathe.ts';

/** How a family of languages writes what a reader looks for. */
export interface Family {
  /** Lines that begin a class, a function or the like; the last group that matched is its name, `kind` what it is. */
  readonly declarations: readonly { readonly pattern: RegExp; readonly kind: string }[];
  /** Lines above a declaration that belong to it: comments, decorators, attributes. */
  readonly above: RegExp;
}

const SLASHES = /^\s*(?:\/\/|\/\*|\*|@\w|#\[|\[\w+.*\]\s*$)/;
const HASHES = /^\s*(?:#(?!!)|@\w)/;
const NOT_A_CALL =
  '(?!(?:if|for|while|switch|catch|return|else|do|with|throw|new|await|typeof|super|function|sizeof|synchronized|using|lock|foreach|when|match|defer|go|select|unless|until|elsif|elseif)\\b)';

const FAMILIES = {
  script: {
    above: SLASHES,
    declarations: [
      {
        kind: 'class',
        pattern: /^\s*(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?class\s+([\w$]+)/,
      },
      { kind: 'interface', pattern: /^\s*(?:export\s+)?(?:declare\s+)?interface\s+([\w$]+)/ },
      { kind: 'type', pattern: /^(?:export\s+)?(?:declare\s+)?type\s+([\w$]+)(?=\s*[=<])/ },
      { kind: 'enum', pattern: /^\s*(?:export\s+)?(?:declare\s+)?(?:const\s+)?enum\s+([\w$]+)/ },
      {
        kind: 'function',
        pattern: /^\s*(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:async\s+)?function\s*\*?\s*([\w$]+)/,
      },
      {
        kind: 'function',
        pattern:
          /^(?:export\s+)?(?:const|let|var)\s+([\w$]+)\s*(?::[^=]+)?=\s*(?:async\s*)?(?:function\b|\([^)]*\)\s*(?::[^=]+)?=>|[\w$]+\s*=>|\($)/,
      },
      {
        kind: 'method',
        pattern: new RegExp(
          `^\\s+(?:(?:public|private|protected|static|async|override|readonly|get|set)\\s+)*\\*?\\s*${NOT_A_CALL}(#?[\\w$]+)\\s*(?:<[^>]*>)?\\([^;]*\\)\\s*(?::\\s*[^;{]+)?\\{\\s*$`,
        ),
      },
    ],
  },
  python: {
    above: HASHES,
    declarations: [
      { kind: 'class', pattern: /^\s*class\s+(\w+)/ },
      { kind: 'def', pattern: /^\s*(?:async\s+)?def\s+(\w+)/ },
    ],
  },
  ruby: {
    above: HASHES,
    declarations: [
      { kind: 'module', pattern: /^\s*module\s+([\w:]+)/ },
      { kind: 'class', pattern: /^\s*class\s+([\w:]+)/ },
      { kind: 'def', pattern: /^\s*def\s+([\w.?!=]+)/ },
    ],
  },
  go: {
    above: SLASHES,
    declarations: [
      { kind: 'func', pattern: /^func\s+(\([^)]*\)\s*\w+|\w+)/ },
      { kind: 'type', pattern: /^type\s+(\w+)/ },
    ],
  },
  rust: {
    above: SLASHES,
    declarations: [
      {
        kind: 'fn',
        pattern:
          /^\s*(?:pub(?:\([^)]*\))?\s+)?(?:const\s+|async\s+|unsafe\s+|extern\s+"[^"]*"\s+)*fn\s+(\w+)/,
      },
      { kind: 'impl', pattern: /^\s*(?:unsafe\s+)?impl(?:<[^>]*>)?\s+([\w:<>,'\s&]+?)\s*(?:where\b|\{|$)/ },
      { kind: '', pattern: /^\s*(?:pub(?:\([^)]*\))?\s+)?((?:struct|enum|trait|union|mod)\s+\w+)/ },
      { kind: '', pattern: /^\s*(?:pub\s+)?(macro_rules!\s*\w+)/ },
    ],
  },
  braces: {
    above: SLASHES,
    declarations: [
      {
        kind: '',
        pattern:
          /^\s*(?:(?:public|private|protected|internal|static|final|abstract|sealed|open|partial|data|inline|export|case|template\s*<[^>]*>)\s+)*((?:class|interface|struct|enum(?:\s+class)?|record|trait|object|namespace|module|protocol|extension|actor|mixin|union)\s+[\w:.]+)(?![^{]*;)/,
      },
      {
        kind: 'function',
        pattern:
          /^\s*(?:(?:public|private|protected|internal|static|override|open|suspend|inline|final|async|export|pub)\s+)*(?:fun|func|function|fn|sub|def)\s+(?:<[^>]*>\s*)?([\w.:]+)/,
      },
      {
        kind: 'function',
        pattern: new RegExp(
          `^\\s*${NOT_A_CALL}(?:[\\w:*&<>,\\[\\].?~]+\\s+)*${NOT_A_CALL}[*&]*([\\w:~]+(?:::[\\w~]+)*)\\s*\\([^;]*\\)\\s*(?:const|noexcept|override|final|throws\\s+[\\w.,\\s]+|->\\s*[\\w:<>]+|\\s)*\\{?\\s*$`,
        ),
      },
    ],
  },
  shell: {
    above: HASHES,
    declarations: [{ kind: 'function', pattern: /^\s*(?:function\s+)?([\w:-]+)\s*\(\)\s*\{?/ }],
  },
  lua: {
    above: /^\s*--/,
    declarations: [{ kind: 'function', pattern: /^\s*(?:local\s+)?function\s+([\w.:]+)/ }],
  },
  sql: {
    above: /^\s*--/,
    declarations: [
      {
        kind: '',
        pattern:
          /^\s*create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+|materialized\s+|unique\s+)*((?:table|view|function|procedure|trigger|index|type|schema)\s+(?:if\s+not\s+exists\s+)?[\w."`[\]]+)/i,
      },
    ],
  },
  elixir: {
    above: HASHES,
    declarations: [
      { kind: 'defmodule', pattern: /^\s*defmodule\s+([\w.]+)/ },
      { kind: 'def', pattern: /^\s*defp?\s+([\w?!]+)/ },
    ],
  },
  r: {
    above: HASHES,
    declarations: [{ kind: 'function', pattern: /^\s*([\w.]+)\s*(?:<-|=)\s*function\b/ }],
  },
} satisfies Record<string, Family>;

const ENDINGS: Readonly<Record<keyof typeof FAMILIES, string>> = {
  script: 'js mjs cjs jsx ts mts cts tsx vue svelte',
  python: 'py pyi pyw',
  ruby: 'rb rake',
  go: 'go',
  rust: 'rs',
  braces:
    'java kt kts scala groovy cs c h cc cpp cxx hh hpp hxx m mm swift php dart zig pl pm glsl wgsl proto',
  shell: 'sh bash zsh',
  lua: 'lua',
  sql: 'sql',
  elixir: 'ex exs',
  r: 'r',
};

const BY_ENDING: ReadonlyMap<string, Family> = /* @__PURE__ */ new Map(
  (Object.keys(FAMILIES) as (keyof typeof FAMILIES)[]).flatMap((name) =>
    ENDINGS[name].split(' ').map((ending): [string, Family] => [ending, FAMILIES[name]]),
  ),
);

/** The family of a file by the end of its name; undefined for what is no source code that is known here. */
export function familyOf(name: string): Family | undefined {
  return BY_ENDING.get(/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '');
}

/** Longer lines are data or were packed by a tool. */
const MAX_LINE = 400;
/** What stands deeper are helpers of a few lines: they are read with what holds them. */
const MAX_LEVEL = 3;

interface Line {
  readonly start: number;
  readonly text: string;
  readonly indent: number;
}

function headingOf(text: string, family: Family): string | undefined {
  if (text.length > MAX_LINE) return undefined;
  for (const { pattern, kind } of family.declarations) {
    const match = pattern.exec(text);
    const name = match?.slice(1).findLast((group) => group !== undefined);
    if (name === undefined) continue;
    const shown = name.replace(/\s+/g, ' ').trim();
    if (kind === '') return shown;
    return new RegExp(`\\b${kind}\\b`).test(text) ? `${kind} ${shown}` : `${shown}()`;
  }
  return undefined;
}

/**
 * Classes, functions and the like as headings, nested by their indentation, each from the comments above it on. Found line
 * by line without understanding the language: what is written in an unusual way is read, but not named.
 */
export async function outline(
  text: string,
  family: Family,
  signal: AbortSignal | undefined,
): Promise<readonly ParsedHeading[]> {
  const headings: ParsedHeading[] = [];
  const open: number[] = [];
  const pace = createBreather(signal);
  /** Where the comments that stand directly above the next line begin. */
  let aboveAt: number | undefined;
  for (let start = 0; start < text.length; ) {
    const breath = pace();
    if (breath) await breath;
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const line = lineAt(text, start, end);
    start = end + 1;
    if (family.above.test(line.text)) {
      aboveAt ??= line.start;
      continue;
    }
    const heading = line.text.trim() === '' ? undefined : headingOf(line.text, family);
    if (heading !== undefined) {
      while (open.length > 0 && (open.at(-1) ?? 0) >= line.indent) open.pop();
      if (open.length < MAX_LEVEL) {
        open.push(line.indent);
        headings.push({
          level: open.length,
          text: heading,
          start: line.start + line.indent,
          ...(aboveAt === undefined ? {} : { sectionStart: aboveAt }),
        });
      }
    }
    aboveAt = undefined;
  }
  return headings;
}

function lineAt(text: string, start: number, end: number): Line {
  const line = text.slice(start, Math.min(end, start + MAX_LINE + 1));
  return { start, text: line, indent: /^\s*/.exec(line)?.[0].length ?? 0 };
}
