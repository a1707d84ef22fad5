import type { LexicalHit } from '#core/ports/lexical-index.ts';
import type { CollectionRecord, DocumentRecord } from '#core/ports/library-records.ts';
import type { LibraryRepository } from '#core/ports/repositories.ts';
import { createBreather } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { createKeySet, type KeySet } from '#shared/key-set.ts';
import type { PassageIndex } from './passage-index.ts';
import { hasPhrase, type QueryTerm } from './query-syntax.ts';
import { type Word, wordsOf } from './words.ts';

/** Other names by which people ask for a type. */
const TYPE_NAMES: ReadonlyMap<string, readonly string[]> = /* @__PURE__ */ new Map([
  ['md', ['markdown']],
  ['markdown', ['md']],
  ['htm', ['html']],
  ['html', ['htm']],
  ['txt', ['text', 'plain']],
  ['text', ['txt', 'plain']],
  ['word', ['docx']],
  ['excel', ['xlsx']],
  ['email', ['eml']],
  ['mail', ['eml']],
]);

function isOfType({ name, parserId, mediaType }: DocumentRecord, type: string): boolean {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
  const subtype = mediaType.toLowerCase().split('/')[1];
  return [type, ...(TYPE_NAMES.get(type) ?? [])].some((each) =>
    [parserId, extension, subtype].includes(each),
  );
}

/** Whether a document is one that the filters of a query ask for; several of one kind are alternatives. */
export function isAsked(
  document: DocumentRecord,
  terms: readonly QueryTerm[],
  collections: readonly CollectionRecord[],
): boolean {
  const own = collections.filter(({ id }) => document.collectionIds.includes(id));
  const holds = ({ kind, value }: QueryTerm): boolean => {
    const wanted = value.toLowerCase();
    if (kind === 'type') return isOfType(document, wanted);
    if (kind === 'in') return [document, ...own].some(({ name }) => name.toLowerCase().includes(wanted));
    const addedOn = Date.parse(value);
    return kind === 'after' ? document.addedAt >= addedOn : document.addedAt < addedOn;
  };
  return (['type', 'in', 'after', 'before'] as const).every((kind) => {
    const asked = terms.filter((term) => term.kind === kind);
    return asked.length === 0 || asked.some(holds);
  });
}

interface ScopePorts {
  readonly library: LibraryRepository;
  readonly index: Pick<PassageIndex, 'lexical' | 'place' | 'acceptsIn' | 'keyOf'>;
}

/**
 * The words that stand in the index wherever the phrase stands in a text. A number at its beginning or end does not: the 8
 * of “opens at 8” is no word of a text that says 8.4.
 */
function surelyIndexed(phrase: string): readonly Word[] {
  const words = wordsOf(phrase);
  const inner = words.filter(({ isDigits }, i) => !isDigits || (i > 0 && i < words.length - 1));
  return [...new Map(inner.filter(({ isStop }) => !isStop).map((word) => [word.key, word])).values()];
}

/** Chunks whose index entries have the words of the phrase; undefined when it has no word that surely is indexed. */
function withItsWords({ index }: ScopePorts, phrase: string, accepts: KeySet | undefined) {
  let keys: ReadonlySet<number> | undefined;
  for (const { start, end } of surelyIndexed(phrase)) {
    const word = phrase.slice(start, end);
    const found: readonly LexicalHit[] = index.lexical.search(
      word,
      Number.POSITIVE_INFINITY,
      keys ?? accepts,
    );
    keys = new Set(found.map(({ key }) => key));
  }
  return keys;
}

async function* everyChunk({ library, index }: ScopePorts, accepts: KeySet | undefined) {
  for (const { id } of await library.documents())
    for (const { ordinal, text } of await library.chunks(id)) {
      const key = index.keyOf(id, ordinal);
      if (key !== undefined && (accepts?.has(key) ?? true)) yield { key, text };
    }
}

async function* chunksOf({ library, index }: ScopePorts, keys: ReadonlySet<number>) {
  for (const key of keys) {
    const place = index.place(key);
    const chunk = place && (await library.chunk(place.documentId, place.ordinal));
    if (chunk) yield { key, text: chunk.text };
  }
}

async function withPhrase(
  ports: ScopePorts,
  phrase: string,
  accepts: KeySet | undefined,
  { signal }: CallOptions,
): Promise<KeySet> {
  const breathe = createBreather(signal);
  const likely = withItsWords(ports, phrase, accepts);
  const keys: number[] = [];
  for await (const { key, text } of likely ? chunksOf(ports, likely) : everyChunk(ports, accepts)) {
    if (hasPhrase(text, phrase)) keys.push(key);
    await breathe();
  }
  return createKeySet(keys);
}

/**
 * The passages that a query with filters and phrases may find, for both searches to look in: what is left out here is never
 * ranked, so that the best of what is asked for are found however far behind they would lie. Errors: those of storage.
 */
export async function narrow(
  ports: ScopePorts,
  terms: readonly QueryTerm[],
  accepts: KeySet | undefined,
  options: CallOptions = {},
): Promise<KeySet | undefined> {
  const { library, index } = ports;
  let kept = accepts;
  if (terms.some(({ kind }) => kind !== 'phrase')) {
    const collections = await library.collections();
    const documents = (await library.documents()).filter((document) => isAsked(document, terms, collections));
    const keys: number[] = [];
    for (const { id } of documents)
      for (let ordinal = 0; ; ordinal++) {
        const key = index.keyOf(id, ordinal);
        if (key === undefined) break;
        if (accepts?.has(key) ?? true) keys.push(key);
      }
    kept = createKeySet(keys);
  }
  for (const { kind, value } of terms)
    if (kind === 'phrase') kept = await withPhrase(ports, value, kept, options);
  return kept;
}
