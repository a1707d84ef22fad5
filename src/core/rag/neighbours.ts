import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { ChunkRecord } from '#core/ports/library-records.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';

type Found = Omit<SourcePassage, 'number'>;

export interface NeighbourBudget {
  /** Tokens that all passages together may have, by the embedder's count. */
  readonly budgetTokens: number;
  /** Of these, at most so many for what is added. */
  readonly addedTokens: number;
}

const nameOf = (documentId: string, ordinal: number): string => `${ordinal} ${documentId}`;
const isSameSection = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((heading, i) => heading === other[i]);

/** Text between two chunks is white space that is not stored: as many line ends keep every offset. */
function joined(found: Found, chunk: ChunkRecord): Found {
  const hit = found.found ?? { start: found.start, end: found.end };
  const isBefore = chunk.start < found.start;
  const [first, second] = isBefore ? [chunk, found] : [found, chunk];
  const { start, end } = { start: first.start, end: second.end };
  const text = `${first.text}${'\n'.repeat(Math.max(0, second.start - first.end))}${second.text}`;
  const { page, seconds } = isBefore ? chunk : found;
  return {
    ...found,
    text,
    start,
    end,
    ...(page === undefined ? {} : { page }),
    ...(seconds === undefined ? {} : { seconds }),
    found: hit,
  };
}

/**
 * Adds to each hit the chunk behind and the chunk before it, the best hits first, as far as the budget goes: only from the
 * same section, and none that is a hit itself. A passage stays one piece of its document, exact by its offsets; `found`
 * says which part of it was the hit. Errors: those of storage.
 */
export async function withNeighbours(
  library: Pick<LibraryRepository, 'chunk'>,
  hits: readonly Found[],
  { budgetTokens, addedTokens }: NeighbourBudget,
): Promise<readonly Found[]> {
  const taken = new Set(hits.map(({ documentId, ordinal }) => nameOf(documentId, ordinal)));
  const chunks = await Promise.all(hits.map(({ documentId, ordinal }) => library.chunk(documentId, ordinal)));
  const used = chunks.reduce((sum, chunk) => sum + (chunk?.tokenCount ?? 0), 0);
  let room = Math.min(addedTokens, budgetTokens - used);
  const widened: Found[] = [];
  for (const hit of hits) {
    let passage = hit;
    for (const step of [1, -1]) {
      const ordinal = hit.ordinal + step;
      if (room <= 0 || ordinal < 0 || taken.has(nameOf(hit.documentId, ordinal))) continue;
      const chunk = await library.chunk(hit.documentId, ordinal);
      if (chunk === undefined || chunk.tokenCount > room) continue;
      if (!isSameSection(chunk.headingPath, hit.headingPath)) continue;
      taken.add(nameOf(hit.documentId, ordinal));
      room -= chunk.tokenCount;
      passage = joined(passage, chunk);
    }
    widened.push(passage);
  }
  return widened;
}
