import { describe, expect, test } from 'vitest';
import { describeEmbeddingAdapter } from '#core/ports/embedding-adapter.conformance.ts';
import type { EmbeddingAdapter } from '#core/ports/embedding-adapter.ts';
import { createEmbeddingRoom } from './embedding-room.ts';
import { createHashedEmbedder, HASHED, hashedTokenizer } from './hashed-embedder.test-support.ts';
import { createLinearAdapter, sampleWeights } from './linear-adapter.test-support.ts';

const WIDE = 192;
const TEXTS = ['The relief valve opens at 8.4 bar.', 'Sow carrots in April.'];
const linear = (seed = 1, wide = WIDE) => createLinearAdapter(sampleWeights(48, wide, seed), wide);

describeEmbeddingAdapter('the linear reference', async () => linear());

function room(registered: ReadonlyMap<string, EmbeddingAdapter>) {
  const embedder = createHashedEmbedder();
  const embeddings = createEmbeddingRoom({
    embedder,
    loadTokenizer: async () => hashedTokenizer,
    placement: async () => ({ device: 'cpu', threads: 1 }),
    adapterOf: async (spaceId) => registered.get(spaceId),
  });
  return { embedder, embeddings };
}

describe('a space with an adapter', () => {
  test('queries and passages go through it, and the space is another', async () => {
    const adapter = linear();
    const { embeddings } = room(new Map([['hashed-1', adapter]]));
    const plain = room(new Map()).embeddings;
    expect(await plain.load(HASHED)).toMatchObject({ fingerprint: 'hashed-1', dimension: WIDE });
    expect(await embeddings.load(HASHED)).toMatchObject({
      fingerprint: `hashed-1+${adapter.fingerprint}`,
      dimension: 48,
    });
    for (const kind of ['query', 'passage'] as const) {
      const expected = await adapter.apply(await plain.embed(HASHED, kind, TEXTS));
      expect(await embeddings.embed(HASHED, kind, TEXTS)).toEqual(expected);
    }
  });

  test('other weights, other space; the floor is measured in the space that answers', async () => {
    const registered = new Map([['hashed-1', linear(1)]]);
    const { embeddings } = room(registered);
    const [first, firstFloor] = [await embeddings.load(HASHED), await embeddings.floor(HASHED)];
    registered.set('hashed-1', linear(2));
    embeddings.forgetLoaded();
    const [second, secondFloor] = [await embeddings.load(HASHED), await embeddings.floor(HASHED)];
    expect(second.fingerprint).not.toBe(first.fingerprint);
    expect(secondFloor).not.toEqual(firstFloor);
  });

  test('after a crash of the embedder it is still applied', async () => {
    const { embedder, embeddings } = room(new Map([['hashed-1', linear()]]));
    const before = await embeddings.embed(HASHED, 'query', TEXTS);
    embedder.crashNext();
    expect(await embeddings.embed(HASHED, 'query', TEXTS)).toEqual(before);
  });

  test('one that was made for another embedder is refused', async () => {
    const { embeddings } = room(new Map([['hashed-1', linear(1, WIDE + 1)]]));
    await expect(embeddings.load(HASHED)).rejects.toMatchObject({ code: 'input/invalid' });
  });
});
