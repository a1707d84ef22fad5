import { describe, expect, test } from 'vitest';
import type { ParsedDocument } from '#core/ports/document-parser.ts';
import { createParsers } from './index.ts';

async function read(source: string, name = 'a.html'): Promise<ParsedDocument> {
  const file = new File([source], name);
  const id = name.endsWith('.md') ? 'markdown' : 'html';
  return createParsers()
    .find((parser) => parser.id === id)!
    .parse(file);
}

const shown = ({ text, links }: ParsedDocument): (readonly [string, string])[] =>
  (links ?? []).map(({ start, end, href }) => [text.slice(start, end), href]);

describe('links of web pages', () => {
  test('are kept with the words that lead there, and the text stays as it reads', async () => {
    const parsed = await read(
      '<p>See <a href="https://tide.example/table?y=1">the <b>tide</b>\n table </a>, or <a href="mailto:keeper@tide.example">write</a>.</p>',
    );
    expect(parsed.text).toBe('See the tide table , or write.');
    expect(shown(parsed)).toEqual([
      ['the tide table', 'https://tide.example/table?y=1'],
      ['write', 'mailto:keeper@tide.example'],
    ]);
  });

  test('that run code, carry data or lead nowhere are dropped', async () => {
    const bad = [
      'javascript:alert(1)',
      ' JaVa\nScript:alert(1)',
      'data:text/html,<script>alert(1)</script>',
      'vbscript:x',
      'file:///etc/passwd',
      'blob:https://tide.example/1',
      '#top',
      '',
      'http://',
      'relative/page.html',
      `https://tide.example/${'x'.repeat(3000)}`,
    ];
    const parsed = await read(bad.map((href) => `<a href="${href}">word</a> `).join(''));
    expect(parsed.text).toMatch(/^word word/);
    expect(parsed.links).toEqual([]);
  });

  test('relative ones need to know where the page is from', async () => {
    const body = '<body><a href="../b.html">b</a> <a href="//other.example/c">c</a></body>';
    const from = 'https://tide.example/x/a.html';
    const places = [
      `<!-- saved from url=(0029)${from} --><html><head></head>${body}</html>`,
      `<html><head><link rel="canonical" href="${from}"></head>${body}</html>`,
      `<html><head><meta property="og:url" content="${from}"></head>${body}</html>`,
    ];
    for (const page of places) {
      const parsed = await read(page);
      expect(parsed.source, page).toBe(from);
      expect(shown(parsed)).toEqual([
        ['b', 'https://tide.example/b.html'],
        ['c', 'https://other.example/c'],
      ]);
    }
    const based = await read(`<head><base href="https://base.example/y/"></head>${body}`);
    expect(based.source).toBeUndefined();
    expect(shown(based)[0]).toEqual(['b', 'https://base.example/b.html']);
  });

  test('where the page was saved from wins over what it says of itself, and only the web counts', async () => {
    const own = '<head><link rel="canonical" href="https://own.example/"></head><p>x';
    const saved = `<!-- saved from url=(0020)https://real.example/ -->${own}`;
    expect((await read(saved)).source).toBe('https://real.example/');
    expect((await read(`<!-- saved from url=(0014)about:internet -->${own}`)).source).toBe(
      'https://own.example/',
    );
    expect(
      (await read('<head><link rel="canonical" href="javascript:x"></head><p>x')).source,
    ).toBeUndefined();
  });

  test('of menus and hidden parts are not there, as their words are not', async () => {
    const prose = 'The lamp was lit at six, and nobody came to see it. '.repeat(8);
    const parsed = await read(
      `<body><nav><a href="https://a.example/">Home</a></nav><main><p>${prose}<a href="https://b.example/">log</a></p><p hidden><a href="https://c.example/">no</a></p></main></body>`,
    );
    expect(shown(parsed)).toEqual([['log', 'https://b.example/']]);
  });

  test('around white space and in kept white space cover words only', async () => {
    const parsed = await read(
      '<pre><a href="https://a.example/">  code  </a></pre><a href="https://b.example/"> </a><ul><li><a href="https://c.example/">c</a></ul>',
    );
    expect(shown(parsed)).toEqual([
      ['code', 'https://a.example/'],
      ['c', 'https://c.example/'],
    ]);
  });
});

test('links of Markdown are kept, but for those in code, of pictures, and to places on the same disk', async () => {
  const parsed = await read(
    '# A [log](https://log.example/)\n\nSee [the table](https://tide.example/t "Tides") and <https://bare.example/x>,\nnot `[code](https://no.example/)`, ![picture](https://no.example/p.png) or [notes](notes.md).\n\n```\n[fenced](https://no.example/)\n```\n',
    'a.md',
  );
  expect(shown(parsed)).toEqual([
    ['log', 'https://log.example/'],
    ['the table', 'https://tide.example/t'],
    ['https://bare.example/x', 'https://bare.example/x'],
  ]);
});
