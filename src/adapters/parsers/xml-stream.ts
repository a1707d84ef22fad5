import { AppError } from '#shared/errors.ts';

/** Scanned at once; a search over every small piece would look at an unfinished element again and again. */
const SCAN_CHARACTERS = 256 * 1024;
/** One row or string is never longer. */
const MAX_ELEMENT_CHARACTERS = 8 * 2 ** 20;

export interface XmlElement {
  /** As written in the start tag. */
  readonly attributes: string;
  readonly inner: string;
}

/**
 * The elements of a name as the bytes of an XML part (UTF-8) arrive, which are never held whole. They must not nest.
 * Stops at `</until>`. Errors: input/too-large for an element without end; `what` names the file.
 */
export async function* streamElements(
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
  name: string,
  until: string,
  what: string,
): AsyncGenerator<XmlElement, void, void> {
  const element = new RegExp(`<(?:\\w+:)?${name}(\\s[^>]*?)?(?:/>|>([\\s\\S]*?)</(?:\\w+:)?${name}>)`, 'g');
  const end = new RegExp(`</(?:\\w+:)?${until}>`);
  const decoder = new TextDecoder();
  let held = '';
  let scanned = 0;
  function* complete(): Generator<XmlElement> {
    let at = 0;
    for (const match of held.matchAll(element)) {
      at = match.index + match[0].length;
      yield { attributes: match[1] ?? '', inner: match[2] ?? '' };
    }
    held = held.slice(at);
    scanned = held.length;
  }
  for await (const piece of pieces) {
    held += decoder.decode(piece, { stream: true });
    if (held.length - scanned < SCAN_CHARACTERS) continue;
    yield* complete();
    if (end.test(held)) return;
    if (held.length > MAX_ELEMENT_CHARACTERS)
      throw new AppError(
        'input/too-large',
        `${what} has a part of more than ${MAX_ELEMENT_CHARACTERS / 2 ** 20} million characters without end. Save it again in its program, then add it.`,
      );
  }
  held += decoder.decode();
  yield* complete();
}
