import type { ImageRecord } from '#core/ports/image-records.ts';
import type { CreateLexicalIndex } from '#core/ports/lexical-index.ts';
import { createKeySet } from '#shared/key-set.ts';
import { createKeys } from './picture-keys.ts';

/** What an index was told of a picture. */
interface PictureText {
  readonly heading: string;
  readonly text: string;
}

/**
 * The words by which a picture is found: what the user said of it, what was read in it and what a model wrote about it. Not its file's name: 'IMG_2041'
 * says nothing, 'Screenshot at night' says it of every picture of a folder, and a name that happens to hold a word of the
 * query would come before the pictures that show it.
 */
function textOf({ tags, captions = [], text = '', generatedCaption }: ImageRecord): PictureText {
  const body = [text, generatedCaption?.text ?? ''].filter((words) => words !== '').join('\n');
  return { heading: [...tags, ...captions].join('\n'), text: body };
}

/** Words to pictures, in step with the records that it is told of. */
export function createPictureWords(createLexicalIndex: CreateLexicalIndex) {
  let index = createLexicalIndex();
  const known = new Map<string, PictureText>();
  const { keyOf } = createKeys();

  function remove(id: string): void {
    if (known.delete(id)) index.remove([keyOf(id)]);
  }

  return {
    put(record: ImageRecord): void {
      const { id } = record;
      const next = textOf(record);
      const before = known.get(id);
      if (before?.heading === next.heading && before.text === next.text) return;
      remove(id);
      if (next.heading === '' && next.text === '') return;
      known.set(id, next);
      index.add([{ key: keyOf(id), ...next }]);
    },
    remove,
    clear(): void {
      known.clear();
      index = createLexicalIndex();
    },
    /** Best first, of those that `accept` gives for an id. */
    search<T>(query: string, limit: number, accept: (id: string) => T | undefined): readonly T[] {
      const accepted = new Map<number, T>();
      for (const id of known.keys()) {
        const item = accept(id);
        if (item !== undefined) accepted.set(keyOf(id), item);
      }
      if (accepted.size === 0) return [];
      return index.search(query, limit, createKeySet(accepted.keys())).flatMap(({ key }) => {
        const item = accepted.get(key);
        return item === undefined ? [] : [item];
      });
    },
  };
}
