import { zipSync } from 'fflate';
import mammoth from 'mammoth';
import type { ParsedDocument } from '#core/ports/document-parser.ts';
import { breathe, throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError, isAbort } from '#shared/errors.ts';
import { waitUnlessAborted } from '#shared/turns.ts';
import { readHtml } from './html-text.ts';
import { missingPart, openPackage } from './office-package.ts';
import { nameOf } from './sniff.ts';
import { textOfTag } from './xml-scan.ts';
import type { ZipArchive } from './zip-archive.ts';

/** mammoth builds a tree of it, some 20 times as large. */
const MAX_XML_BYTES = 48 * 2 ** 20;
const MAIN_PART = 'word/document.xml';
const KIND = { noun: 'Word document', ending: '.docx' };
const STYLES = ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => p:fresh"];

/** Runs that Word does not show: text that nobody sees is a known way to plant instructions. */
function withoutHiddenRuns(xml: string): string {
  if (!xml.includes('<w:vanish')) return xml;
  return xml.replace(/<w:r(?: [^<>]*)?>(?:(?!<w:r[ >])[\s\S])*?<\/w:r>/g, (run) =>
    /<w:vanish(?:\s+w:val="(?:1|true|on)")?\s*\/>/.test(run) ? '' : run,
  );
}

/** The parts that carry text, as a small archive without compression. Media, fonts and embedded files stay packed. */
async function textParts(archive: ZipArchive, options: CallOptions | undefined): Promise<ArrayBuffer> {
  const wanted = archive.entries.filter(
    ({ name }) =>
      /\.(?:xml|rels)$/i.test(name) && !/^(?:customXml|docProps|word\/(?:theme|glossary))\//.test(name),
  );
  const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > MAX_XML_BYTES)
    throw new AppError(
      'input/too-large',
      `The text of this Word document takes ${Math.round(total / 2 ** 20)} MB unpacked; up to ${MAX_XML_BYTES / 2 ** 20} MB can be read. Split it and add the parts.`,
      { details: { sizeBytes: total, limitBytes: MAX_XML_BYTES } },
    );
  const parts: Record<string, Uint8Array> = {};
  for (const entry of wanted) {
    const bytes = await archive.bytes(entry, { maxBytes: MAX_XML_BYTES, signal: options?.signal });
    const isBody = /^word\/(?:document|footnotes|endnotes)\.xml$/.test(entry.name);
    parts[entry.name] = isBody
      ? new TextEncoder().encode(withoutHiddenRuns(new TextDecoder().decode(bytes)))
      : bytes;
  }
  const packed = zipSync(parts, { level: 0 });
  return packed.buffer as ArrayBuffer;
}

async function toHtml(arrayBuffer: ArrayBuffer): Promise<string> {
  try {
    const { value } = await mammoth.convertToHtml(
      // mammoth reads `buffer` under Node and `arrayBuffer` in browsers.
      { arrayBuffer, buffer: new Uint8Array(arrayBuffer) } as Parameters<typeof mammoth.convertToHtml>[0],
      {
        styleMap: STYLES,
        // The picture itself is not there; its description is text.
        convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: '' })),
      },
    );
    return (
      value
        .replace(/ ?<a href="#(?:foot|end)note-ref-[^"]*">↑<\/a>/g, '')
        // A cell is one line of its row, however many paragraphs it has.
        .replace(
          /<(td|th)([^>]*)>((?:<p>(?:(?!<\/?(?:p|table)>)[\s\S])*<\/p>)+)<\/\1>/g,
          (_, tag, rest, inner) => {
            const line = String(inner)
              .replaceAll('</p><p>', ' ')
              .replace(/^<p>|<\/p>$/g, '');
            return `<${tag}${rest}>${line}</${tag}>`;
          },
        )
    );
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new AppError(
      'input/invalid',
      'This Word document is damaged and cannot be read. Open it in its program, save it again, and add that.',
      { details: { reason: error instanceof Error ? error.message : String(error) }, cause: error },
    );
  }
}

async function titleOf(archive: ZipArchive, signal: AbortSignal | undefined): Promise<string | undefined> {
  const core = archive.find('docProps/core.xml');
  if (core === undefined) return undefined;
  const xml = new TextDecoder().decode(await archive.bytes(core, { maxBytes: 2 ** 20, signal }));
  return textOfTag(xml, 'dc:title');
}

/** Errors: those of openPackage, input/invalid (damaged), input/too-large. */
export async function readDocx(file: Blob, options: CallOptions | undefined): Promise<ParsedDocument> {
  const signal = options?.signal;
  throwIfAborted(signal);
  const tell = (done: number): void =>
    options?.onProgress?.({ phase: 'parse', done, total: 3, unit: 'fraction', label: nameOf(file) });
  const archive = await openPackage(file, KIND);
  if (archive.find(MAIN_PART) === undefined) throw missingPart(KIND.noun, MAIN_PART);
  const parts = await textParts(archive, options);
  tell(1);
  await breathe();
  const html = await waitUnlessAborted(toHtml(parts), signal);
  tell(2);
  const parsed = await readHtml(html, signal);
  const title = (await titleOf(archive, signal)) ?? parsed.title;
  throwIfAborted(signal);
  tell(3);
  return { ...parsed, ...(title === undefined ? {} : { title }) };
}
