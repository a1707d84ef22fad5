import { afterEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { Markdown } from './markdown.tsx';
import { runsOut } from './sideways.test-support.ts';
import { seriousViolations, show } from './ui.test-support.tsx';

/** The renderer and the colours are fetched when they are first needed. */
const PATIENT = { timeout: 30_000 };

let shown: ReturnType<typeof show> | undefined;
afterEach(() => {
  shown?.hide();
  shown = undefined;
  vi.restoreAllMocks();
});

/** Shows Markdown and waits until the renderer has taken over from the plain text. */
async function render(text: string, props: Partial<Parameters<typeof Markdown>[0]> = {}) {
  shown = show(<Markdown text={text} isStreaming={false} {...props} />);
  return vi.waitFor(() => {
    const root = shown?.container.querySelector<HTMLElement>('[class*="markdown"]');
    if (!root) throw new Error('not yet');
    return root;
  }, PATIENT);
}
const update = (text: string, props: Partial<Parameters<typeof Markdown>[0]> = {}) =>
  shown?.set(<Markdown text={text} isStreaming={false} {...props} />);

test('the rule against HTML from text is in force', () => {
  expect(() => {
    document.createElement('i').innerHTML = '<b>x</b>';
  }).toThrow(TypeError);
});

test('HTML is text: no element of it, nothing runs', async () => {
  const hostile = [
    '<img src=x onerror="window.__pwned=1">',
    '<script>window.__pwned=2</script>',
    'Words <b onclick="window.__pwned=3">bold</b> <iframe src="https://evil.example"></iframe>',
    '<svg/onload=window.__pwned=4><style>body{display:none}</style>',
  ].join('\n\n');
  const root = await render(hostile);
  expect(root.querySelector('img, script, iframe, svg, style, b, [onerror], [onclick]')).toBeNull();
  expect(root.textContent).toContain('onerror="window.__pwned=1"');
  expect('__pwned' in window).toBe(false);
});

test('character references are read without HTML from text', async () => {
  const root = await render('A &amp; B &copy; &notanentity; &lt;img&gt; &#65;');
  expect(root.textContent?.trim()).toBe('A & B © &notanentity; <img> A');
});

test('a picture from elsewhere is named, and nobody is asked for it', async () => {
  const addresses = [
    'https://evil.example/p.png?secret=1',
    '//evil.example/q.png',
    'data:image/svg+xml;base64,PHN2Zy8+',
    'http://[',
    'javascript:alert(1)',
  ];
  const root = await render(addresses.map((address, i) => `![chart ${i}](<${address}>)`).join('\n\n'));
  await vi.waitFor(() => expect(root.textContent).toContain('Picture not loaded: chart 4'));
  expect(root.querySelector('img')).toBeNull();
  expect(root.textContent?.match(/Picture not loaded/g)?.length).toBe(5);
  expect(performance.getEntriesByType('resource').filter(({ name }) => name.includes('evil'))).toEqual([]);
  update('![ours](/icon.svg)');
  await vi.waitFor(() =>
    expect(shown?.container.querySelector('img')?.getAttribute('src')).toBe('/icon.svg'),
  );
});

test('only addresses to visit are links; they ask first and say where they lead', async () => {
  const root = await render(
    [
      '[a](javascript:window.__pwned=1)',
      '[b](data:text/html,<script>1</script>)',
      '[c](JaVaScRiPt:alert(1))',
      '[d](vbscript:x)',
      '[e](//evil.example)',
      '[f](/settings)',
      '[good](https://example.org/page)',
    ].join(' '),
  );
  expect([...root.querySelectorAll('a')].map((link) => link.textContent)).toEqual(['good']);
  const open = vi.spyOn(window, 'open').mockReturnValue(null);
  await page.getByRole('link', { name: 'good' }).click();
  await expect.element(page.getByRole('dialog', { name: 'Open this address?' })).toBeVisible();
  await expect.element(page.getByText('https://example.org/page')).toBeVisible();
  expect(open).not.toHaveBeenCalled();
  await page.getByRole('button', { name: 'Open in a new tab' }).click();
  expect(open).toHaveBeenCalledWith('https://example.org/page', '_blank', 'noopener,noreferrer');
});

test('a token that arrives renders the last block only', async () => {
  const rendered: number[] = [];
  const renderCitation = (number: number) => {
    rendered.push(number);
    return <sup>{number}</sup>;
  };
  const props = { renderCitation, isStreaming: true };
  const first = 'The valve failed [1].\n\n';
  await render(`${first}The pump`, props);
  const heading = shown?.container.querySelector('p');
  const before = rendered.filter((number) => number === 1).length;
  for (const more of [' stopped', ' stopped [2]', ' stopped [2].']) {
    update(`${first}The pump${more}`, props);
    await vi.waitFor(() => expect(shown?.container.textContent).toContain(more.replace(/[[\]]/g, '')));
  }
  expect(rendered.filter((number) => number === 1).length).toBe(before);
  expect(rendered).toContain(2);
  expect(shown?.container.querySelector('p')).toBe(heading);
});

test('math is drawn with its MathML; a price is no formula; a broken one stays readable', async () => {
  const root = await render(
    'It costs $5 and $6.\n\nInline $$e^{i\\pi}$$ here.\n\n$$\n\\frac{a}{b}\n$$\n\n$$\n\\frac{a\n$$',
  );
  await vi.waitFor(() => expect(root.querySelectorAll('.katex').length).toBe(2));
  expect(root.querySelector('p')?.textContent).toBe('It costs $5 and $6.');
  expect(root.querySelectorAll('math').length).toBe(2);
  expect(root.querySelectorAll('.katex-display').length).toBe(1);
  expect(root.querySelector('.katex-error')?.textContent).toContain('\\frac{a');
});

test('a formula cannot link, load or grow over the page', async () => {
  const root = await render(
    '$$\\href{javascript:alert(1)}{x}$$\n\n$$\\includegraphics{https://evil.example/r.png}$$\n\n$$\\rule{99999em}{99999em}$$',
  );
  await vi.waitFor(() => expect(root.querySelectorAll('[data-formula]').length).toBe(3));
  expect(root.querySelector('a[href], img')).toBeNull();
  expect(Math.max(...[...root.querySelectorAll('.rule')].map((rule) => rule.clientWidth))).toBeLessThan(2000);
});

test('code keeps its characters, gets its colours once it is whole, and is copied as it is', async () => {
  const code = 'const a: number = 1 < 2 ? 3 : 4; // [1] & <b>\n\nif (a) a++;';
  const root = await render(`\`\`\`ts\n${code}`, { isStreaming: true });
  await vi.waitFor(() => expect(root.querySelector('pre')?.textContent?.trim()).toBe(code));
  expect(root.querySelector('pre span')).toBeNull();
  update(`\`\`\`ts\n${code}\n\`\`\`\n\nDone.`);
  await vi.waitFor(
    () =>
      expect(
        new Set([...root.querySelectorAll<HTMLElement>('pre span span')].map(({ style }) => style.color))
          .size,
      ).toBeGreaterThan(2),
    PATIENT,
  );
  expect(root.querySelector('pre')?.textContent?.trim()).toBe(code);
  const written = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  await page.getByRole('button', { name: 'Copy code' }).click();
  expect(written).toHaveBeenCalledWith(code);
  await expect.element(page.getByRole('button', { name: 'Copied' })).toBeVisible();
});

test('citations and marks: in words, not in code', async () => {
  const text = 'It failed [1, 2-4]. Nobody knows why. `list[1]`';
  const start = text.indexOf('Nobody');
  const root = await render(text, {
    renderCitation: (number) => <sup>{number}</sup>,
    sentenceMarks: [
      { start, end: start + 'Nobody knows why.'.length, kind: 'unsupported', hint: 'Not in your documents' },
    ],
  });
  expect([...root.querySelectorAll('sup')].map((chip) => chip.textContent)).toEqual(['1', '2', '3', '4']);
  expect(root.querySelector('mark')?.textContent).toBe('Nobody knows why.');
  expect(root.querySelector('code')?.textContent).toBe('list[1]');
});

test('wide tables and code scroll inside themselves, with the keyboard too; axe finds nothing serious', async () => {
  await page.viewport(360, 740);
  const cells = Array.from({ length: 12 }, (_, i) => `column${i}`);
  const table = `| ${cells.join(' | ')} |\n|${cells.map(() => '---').join('|')}|\n| ${cells.join(' | ')} |`;
  const root = await render(
    `# Title\n\nSee [this](https://example.org).\n\n${table}\n\n\`\`\`\n${'x'.repeat(300)}\n\`\`\`\n\n> Quote\n\n- a\n- b`,
  );
  await vi.waitFor(() => expect(root.querySelector('table')).not.toBeNull());
  expect(runsOut()).toEqual([]);
  const region = root.querySelector<HTMLElement>('section[aria-label="Table"]');
  region?.focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  await vi.waitFor(() => expect(region?.scrollLeft).toBeGreaterThan(0));
  expect(await seriousViolations()).toEqual([]);
});
