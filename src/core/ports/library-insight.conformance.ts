import { expect, test } from 'vitest';
import type { LibrarySubject } from './library.conformance.ts';
import type { Library } from './library.ts';

export const PUMP = `# Pump manual

## Relief valve

Close the relief valve before you start the pump. The valve opens by itself at 6 bar and closes at 5.2 bar.
Test it every 12 months with the lever on its side.

## Maintenance

Replace the shaft seal after 2,000 hours of operation. Use only seals of the original maker.
The bearings are greased for life and need no oil.
`;

export const BREAD = `# Rye bread

Feed the sourdough the evening before. Mix rye flour, water and salt, and leave the dough for three hours.
Bake it for 55 minutes at 220 °C with plenty of steam, then let it cool on a rack overnight.
`;

export function file(name: string, text: string, type = 'text/markdown'): File {
  return new File([text], name, { type });
}

interface InsightHelp {
  readonly subject: () => LibrarySubject;
  readonly ingest: (files: readonly File[]) => Promise<{ readonly documentIds: readonly string[] }>;
  readonly ask: (
    query: string,
    more?: Partial<Parameters<Library['search']>[0]>,
  ) => ReturnType<Library['search']>;
}

/** Part of what every Library promises: help for the search, and looks into what was indexed. */
export function testInsight({ subject: now, ingest, ask }: InsightHelp): void {
  test('other wordings find what the question alone does not, and count only when the question is near', async () => {
    await ingest([file('pump.md', PUMP), file('bread.md', BREAD)]);
    const query = 'relief valve pressure';
    const alone = await ask(query);
    const also = [{ text: 'sourdough proof in a basket', kind: 'query' as const }];
    const withOther = await ask(query, { also });
    // The bread is what the other wording asks for, and nothing that the question asks for.
    const names = (list: typeof alone) => list.passages.map(({ documentName }) => documentName);
    expect(new Set(names(withOther))).toEqual(new Set(names(alone)));
    const open = await ask(query, { also, ranking: { hasFloor: false } });
    expect(names(open)).toContain('bread.md');
    expect(new Set(open.passages.map(({ documentId, ordinal }) => `${documentId} ${ordinal}`)).size).toBe(
      open.passages.length,
    );
    const madeUp = await ask(query, {
      also: [{ text: 'Bread is baked for an hour.', kind: 'passage' }],
      ranking: { hasFloor: false },
    });
    for (const { denseScore } of madeUp.passages) expect(denseScore).toBeDefined();
  });

  test('a reranker puts the passages in its own order', async () => {
    await ingest([file('pump.md', PUMP), file('bread.md', BREAD)]);
    const query = 'valve';
    const ranking = { hasFloor: false };
    const { passages, timingsMs } = await ask(query, { reranker: now().reranker, limit: 3, ranking });
    expect(passages.length).toBeGreaterThan(1);
    expect(passages.map(({ number }) => number)).toEqual(passages.map((_, i) => i + 1));
    const scores = passages.map(({ rerankScore }) => rerankScore ?? Number.NaN);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(passages.map(({ score }) => score)).toEqual(scores);
    expect(timingsMs.rerank).toBeGreaterThanOrEqual(0);
  });

  test('a map has a point for every passage, and those of one subject stand together', async () => {
    const { documentIds } = await ingest([file('pump.md', PUMP), file('bread.md', BREAD)]);
    const { embedder, library, repositories } = now();
    const map = await library.map({ collectionIds: [], embedder });
    const counts = await Promise.all(documentIds.map((id) => repositories.library.chunks(id)));
    expect(map.documentOf).toHaveLength(counts.flat().length);
    expect(map.points).toHaveLength(counts.flat().length * 2);
    expect(new Set(map.documents.map(({ id }) => id))).toEqual(new Set(documentIds));
    for (const [i, place] of map.documentOf.entries()) {
      const id = map.documents[place]?.id ?? '';
      expect(await repositories.library.chunk(id, map.ordinalOf[i] ?? -1)).toBeDefined();
    }
    expect(map.shownVariance).toBeGreaterThan(0);
    expect((await library.map({ collectionIds: ['no such'], embedder })).points).toHaveLength(0);
  });

  test('neighbours of a chunk are others, nearest first; tokens cover the words of a text', async () => {
    const { documentIds } = await ingest([file('pump.md', PUMP), file('bread.md', BREAD)]);
    const { embedder, library } = now();
    const [documentId = ''] = documentIds;
    const near = await library.neighbours({ documentId, ordinal: 0, limit: 2, embedder });
    expect(near.length).toBeGreaterThan(0);
    expect(near.some((passage) => passage.documentId === documentId && passage.ordinal === 0)).toBe(false);
    expect(near.map(({ score }) => score)).toEqual(near.map(({ score }) => score).sort((a, b) => b - a));
    await expect(library.neighbours({ documentId, ordinal: 999, limit: 2, embedder })).rejects.toMatchObject({
      code: 'model/not-found',
    });
    const text = 'Relief valve';
    const { spans } = await library.tokens({ text, embedder });
    expect(spans.map(({ start, end }) => text.slice(start, end)).join('')).toBe('Reliefvalve');
  });
}
