import { AppError } from '#shared/errors.ts';
import { eachElement, type XmlElement } from './xml-scan.ts';

/** Scanned at once; a search over every small piece would look at an unfinished element again and again. */
const SCAN_CHARACTERS = 256 * 1024;
/** One row or string is never longer. */
const MAX_ELEMENT_CHARACTERS = 8 * 2 ** 20;

/**
 * The elements of a name as the bytes of an XML part (UTF-8) arrive, which are never held whole. They must not nest.
 * Stops at `</until>`. Errors: input/too-large for an element without end; `what` names the file.
 */
export async function* streamElements(
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
  name: string,
  until: string,
  what: string,
): AsyncGenerator<Pick<XmlElement, 'attributes' | 'inner'>, void, void> {
  const end = new RegExp(`</(?:\\w+:)?${until}>`);
  const decoder = new TextDecoder();
  let held = '';
  let scanned = 0;
  function* complete(): Generator<XmlElement> {
    let at = 0;
    for (const element of eachElement(held, name)) {
      at = element.end;
      yield element;
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
