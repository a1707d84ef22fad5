import { describe, expect, test } from 'vitest';
import { describeDocumentParser } from '#core/ports/document-parser.conformance.ts';
import { createParsers } from './index.ts';

function parser(id: string) {
  const found = createParsers().find((each) => each.id === id);
  if (!found) throw new Error(`no parser ${id}`);
  return found;
}

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
const LONG = 'A line of plain text, number after number.\n'.repeat(60_000);

function utf16(text: string, isLittle: boolean, hasMark: boolean): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array((text.length + (hasMark ? 1 : 0)) * 2);
  const view = new DataView(bytes.buffer);
  const codes = [...(hasMark ? [0xfeff] : []), ...Array.from(text, (each) => each.charCodeAt(0))];
  codes.forEach((code, i) => {
    view.setUint16(i * 2, code, isLittle);
  });
  return bytes;
}

describeDocumentParser('parsers/text', async () => ({
  parser: parser('text'),
  samples: [
    { file: new File([LONG], 'long.txt', { type: 'text/plain' }), contains: ['A line of plain text'] },
    {
      file: new File(['eins\r\nzwei\rdrei'], 'a.txt', { type: 'text/plain' }),
      contains: ['eins\nzwei\ndrei'],
    },
  ],
  refused: [
    { file: new File([PNG], 'picture.txt'), code: 'input/invalid', message: /PNG/ },
    { file: new File(['%PDF-1.4 and so on'], 'manual.txt'), code: 'input/invalid', message: /PDF/ },
    {
      file: new File([LONG, new Uint8Array([0, 1, 2])], 'nul.txt'),
      code: 'input/invalid',
      message: /binary/,
    },
  ],
}));

describeDocumentParser('parsers/markdown', async () => ({
  parser: parser('markdown'),
  samples: [
    {
      file: new File(
        ['# One\n\nText.\n\nTwo *and* a half\n---\nMore.\n```\n# not this\n```\n### Three `x` ##\n'],
        'a.md',
      ),
      contains: ['# One', 'Text.', '# not this', '### Three'],
      headings: ['One', 'Two and a half', 'Three x'],
    },
  ],
  refused: [{ file: new File([PNG], 'picture.md'), code: 'input/invalid', message: /PNG/ }],
}));

describeDocumentParser('parsers/html', async () => ({
  parser: parser('html'),
  samples: [
    {
      file: new File(
        [
          '<!doctype html><title>T &amp; U</title><h1>Head <i>line</i></h1><p>One\n two&nbsp;three</p><p>Four</p><ul><li>a<li><p>b</p></ul><table><tr><th>x<th>y<tr><td>1<td>2</table><pre>  kept\n  so</pre>',
        ],
        'a.html',
        { type: 'text/html' },
      ),
      contains: ['Head line\n\nOne two three\n\nFour\n\n- a\n- b\n\nx | y\n1 | 2\n\n  kept\n  so'],
      headings: ['Head line'],
    },
  ],
  refused: [{ file: new File([PNG], 'picture.html'), code: 'input/invalid', message: /PNG/ }],
}));

describe('encodings', () => {
  const read = async (bytes: BlobPart, name = 'a.txt'): Promise<string> =>
    (await parser(name.endsWith('html') ? 'html' : 'text').parse(new File([bytes], name))).text;
  const TEXT = 'Grüße aus Łódź – ein Satz, der lang genug ist.';

  test('UTF-8 with and without its mark', async () => {
    expect(await read(TEXT)).toBe(TEXT);
    expect(await read(`\uFEFF${TEXT}`)).toBe(TEXT);
  });

  test('UTF-16, both ways round, with and without its mark', async () => {
    for (const isLittle of [true, false])
      for (const hasMark of [true, false]) expect(await read(utf16(TEXT, isLittle, hasMark))).toBe(TEXT);
  });

  test('UTF-16 without its mark in scripts that have few zero bytes', async () => {
    for (const text of [
      'Предохранительный клапан открывается при давлении 8,4 бар.\nЗатем он закрывается.',
      '安全弁は8.4バールで開く。\n圧力が下がると、弁は再び閉じる。一日に二回点検する。',
      'صمام الأمان يفتح عند الضغط العالي.\nثم يغلق.',
    ])
      for (const isLittle of [true, false]) expect(await read(utf16(text, isLittle, false))).toBe(text);
  });

  test('what only looks like UTF-16 is a binary file', async () => {
    const samples = Uint8Array.from({ length: 4000 }, (_, i) => (i % 2 === 0 ? (i * 7) % 256 : i % 5));
    await expect(read(samples)).rejects.toMatchObject({ code: 'input/invalid' });
  });

  test('what is not UTF-8 is windows-1252', async () => {
    expect(await read(new Uint8Array([0x47, 0x72, 0xfc, 0xdf, 0x65]))).toBe('Grüße');
  });

  test('a character that is cut by a slice stays whole, and so does a line end', async () => {
    const filler = 'x'.repeat(2 * 2 ** 20 - 1);
    expect((await read(`${filler}ü\nend`)).slice(-6)).toBe('xxü\nend'.slice(-6));
    const text = await read(`${filler}\r\nend`);
    expect(text.length).toBe(filler.length + 4);
    expect(text.endsWith('x\nend')).toBe(true);
  });

  test('a page says its own charset', async () => {
    const bytes = new Uint8Array([
      ...new TextEncoder().encode('<meta charset="iso-8859-2"><p>'),
      0xa3,
      0xf3,
      0x64,
      0xbc,
    ]);
    expect(await read(bytes, 'a.html')).toBe('Łódź');
  });
});

describe('200 MB of text', () => {
  const line = 'The quick brown fox jumps over the lazy dog, and the river flows on to the sea. \n';
  const megabyte = line.repeat(12_500);
  const file = new File(
    Array.from({ length: 210 }, () => megabyte),
    'large.txt',
    { type: 'text/plain' },
  );

  test('is read whole, and the thread breathes all the while', async () => {
    let beats = 0;
    const pulse = setInterval(() => beats++, 5);
    let events = 0;
    const { text } = await parser('text').parse(file, { onProgress: () => events++ });
    clearInterval(pulse);
    expect(file.size).toBeGreaterThan(200 * 2 ** 20);
    expect(text.length).toBe(file.size);
    expect(events).toBeGreaterThan(100);
    expect(beats).toBeGreaterThan(20);
  }, 60_000);

  test('can be stopped on the way', async () => {
    const abort = new AbortController();
    let events = 0;
    const reading = parser('text').parse(file, {
      signal: abort.signal,
      onProgress: () => {
        events++;
        abort.abort();
      },
    });
    await expect(reading).rejects.toMatchObject({ code: 'abort/by-user' });
    expect(events).toBe(1);
  });

  test('what is larger still is refused with both sizes', async () => {
    const larger = new File(
      Array.from({ length: 270 }, () => megabyte),
      'larger.txt',
    );
    await expect(parser('text').parse(larger)).rejects.toMatchObject({
      code: 'input/too-large',
      details: { sizeBytes: larger.size },
    });
  });
});

describe('a reader of pages', () => {
  test('leaves out scripts, frames and what is hidden', async () => {
    const page =
      '<p>seen</p><script>bad()</script><style>p{}</style><p hidden>h1</p><p style="display: none">h2</p><iframe>h3</iframe><svg><text>h4</text></svg><template><p>h5</p></template><noscript>plain</noscript><textarea>h6</textarea>';
    const { text } = await parser('html').parse(new File([page], 'a.html'));
    expect(text).toBe('seen\n\nplain');
  });

  const PROSE =
    'The swing bridge turns for herring boats at high water, and the keeper rings a bell. '.repeat(6);
  const MENU = Array.from({ length: 8 }, (_, i) => `<li><a href="/${i}">Section number ${i}</a></li>`).join(
    '',
  );
  const text = async (page: string): Promise<string> =>
    (await parser('html').parse(new File([page], 'a.html'))).text;

  test('reads the part of a page that it names as its content', async () => {
    const page = `<title>Bridges</title><div class="top"><ul>${MENU}</ul></div><main><h1>Swing bridge</h1><p>${PROSE}</p><div class="share">Share this</div></main><footer>Imprint and contact</footer>`;
    expect(await text(page)).toBe(`Swing bridge\n\n${PROSE.trim()}`);
  });

  test('without such a part, leaves out blocks of links and what is named as furniture', async () => {
    const page = `<div id="menu"><ul>${MENU}</ul></div><div class="body"><h1>Swing bridge</h1><p>${PROSE} <a href="x">More</a></p></div><div class="cookie-consent">We use cookies.</div><div role="contentinfo">Imprint</div>`;
    expect(await text(page)).toBe(`Swing bridge\n\n${PROSE.trim()} More`);
  });

  test('a page that is all links is read whole', async () => {
    expect(await text(`<h1>Contents</h1><ul>${MENU}</ul>`)).toContain('Section number 7');
  });

  test('a main part that scripts were to fill is not taken for the content', async () => {
    expect(await text(`<main>Loading</main><div>${PROSE}</div>`)).toContain('swing bridge turns');
  });

  test('hostile nesting ends', async () => {
    const { text } = await parser('html').parse(new File(['<div>'.repeat(50_000), 'deep'], 'a.html'));
    expect(text).toBe('deep');
  });
});

describe('who reads what', () => {
  const choose = (name: string, content: BlobPart, type = ''): Promise<string | undefined> =>
    new Blob([content])
      .slice(0, 4096)
      .arrayBuffer()
      .then(
        (head) =>
          createParsers().find((p) => p.accepts({ name, mediaType: type, head: new Uint8Array(head) }))?.id,
      );

  test('content decides before the name', async () => {
    expect(await choose('notes.txt', '%PDF-1.7\n')).toBe('pdf');
    expect(await choose('page.txt', '<!DOCTYPE html><p>x', 'text/plain')).toBe('html');
    expect(await choose('notes.md', '# x')).toBe('markdown');
    expect(await choose('notes.txt', 'x')).toBe('text');
    expect(await choose('picture.png', PNG, 'image/png')).toBeUndefined();
    expect(await choose('letter.docx', new Uint8Array([0x50, 0x4b, 3, 4]))).toBe('docx');
    expect(await choose('prices.xlsx', new Uint8Array([0x50, 0x4b, 3, 4]))).toBe('xlsx');
    expect(await choose('prices.csv', 'a,b')).toBe('csv');
    expect(await choose('slides.pptx', new Uint8Array([0x50, 0x4b, 3, 4]))).toBeUndefined();
    expect(await choose('picture.pdf', PNG, 'application/pdf')).toBe('pdf');
  });
});
