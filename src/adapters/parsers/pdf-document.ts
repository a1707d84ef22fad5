import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import type { ParsedDocument } from '#core/ports/document-parser.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { waitUnlessAborted } from '#shared/turns.ts';
import type { OutlineEntry } from './pdf-headings.ts';
import { layOut } from './pdf-layout.ts';
import { type PageRuns, type RawItem, toRuns } from './pdf-runs.ts';
import { openPdf, type PdfSession } from './pdf-session.ts';
import { nameOf } from './sniff.ts';
import { toAppError } from './to-app-error.ts';

const OUTLINE_LIMIT = 2000;

function multiply(m: readonly number[], n: readonly number[]): number[] {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = m;
  const [a2 = 1, b2 = 0, c2 = 0, d2 = 1, e2 = 0, f2 = 0] = n;
  return [
    a * a2 + c * b2,
    b * a2 + d * b2,
    a * c2 + c * d2,
    b * c2 + d * d2,
    a * e2 + c * f2 + e,
    b * e2 + d * f2 + f,
  ];
}

function finite(value: number | undefined, otherwise: number): number {
  return value === undefined || !Number.isFinite(value) || value === 0 ? otherwise : value;
}

async function readPage(page: PDFPageProxy, number: number): Promise<PageRuns> {
  const viewport = page.getViewport({ scale: 1 });
  const scale = page.userUnit;
  const content = await page.getTextContent();
  const items: RawItem[] = [];
  for (const item of content.items) {
    if (!('str' in item)) continue;
    const style = content.styles[item.fontName];
    items.push({
      str: item.str,
      dir: item.dir,
      width: item.width * scale,
      matrix: multiply(viewport.transform, item.transform),
      ascent: Math.min(1.2, finite(style?.ascent, 0.8)),
      descent: Math.max(-0.5, finite(style?.descent, -0.2)),
      hasEOL: item.hasEOL,
    });
  }
  const { width, height, rotation } = viewport;
  return { number, width, height, rotation, runs: toRuns(items) };
}

type OutlineNode = Awaited<ReturnType<PDFDocumentProxy['getOutline']>>[number];

async function pageOf(pdf: PDFDocumentProxy, node: OutlineNode): Promise<number | undefined> {
  try {
    const target = typeof node.dest === 'string' ? await pdf.getDestination(node.dest) : node.dest;
    const reference: unknown = target?.[0];
    if (typeof reference === 'number') return reference + 1;
    if (typeof reference !== 'object' || reference === null) return undefined;
    return (await pdf.getPageIndex(reference as Parameters<PDFDocumentProxy['getPageIndex']>[0])) + 1;
  } catch {
    return undefined; // an entry that points nowhere: the headings do without it
  }
}

async function readOutline(pdf: PDFDocumentProxy): Promise<OutlineEntry[]> {
  const entries: OutlineEntry[] = [];
  // Written by hand in some files, and then broken in every way: without one, sizes of type tell the headings.
  const roots = await pdf.getOutline().catch(() => null);
  const visit = async (nodes: readonly OutlineNode[], depth: number): Promise<void> => {
    for (const node of nodes) {
      if (entries.length >= OUTLINE_LIMIT) return;
      entries.push({ title: node.title, depth, page: await pageOf(pdf, node) });
      if (depth < 6) await visit(node.items as readonly OutlineNode[], depth + 1);
    }
  };
  await visit(roots ?? [], 1);
  return entries;
}

async function statedTitle(pdf: PDFDocumentProxy): Promise<string | undefined> {
  const metadata = await pdf.getMetadata().catch(() => undefined);
  const info: unknown = metadata?.info;
  const title = typeof info === 'object' && info !== null && 'Title' in info ? info.Title : undefined;
  if (typeof title !== 'string') return undefined;
  const clean = title.replace(/^Microsoft (?:Word|PowerPoint) - /, '').trim();
  return /^(?:untitled|document\d*)?$|\.(?:docx?|tex|indd|pdf)$/i.test(clean) ? undefined : clean;
}

function damaged(read: number, count: number, isCutOff: boolean, cause?: unknown): AppError {
  const what = isCutOff ? 'This PDF is cut off: its end is missing' : 'This PDF is damaged';
  return new AppError(
    'input/invalid',
    `${what} (${read} of ${count} pages can be read). Get the whole file again where it came from, then add that.`,
    { details: { readablePages: read, pageCount: count, isCutOff }, cause },
  );
}

async function readPages(
  { pdf, crashed }: PdfSession,
  file: Blob,
  isCutOff: boolean,
  options: CallOptions | undefined,
): Promise<PageRuns[]> {
  const pages: PageRuns[] = [];
  let failure: unknown;
  for (let number = 1; number <= pdf.numPages; number++) {
    throwIfAborted(options?.signal);
    try {
      const page = await waitUnlessAborted(Promise.race([pdf.getPage(number), crashed]), options?.signal);
      pages.push(await waitUnlessAborted(Promise.race([readPage(page, number), crashed]), options?.signal));
      page.cleanup();
    } catch (error) {
      if (error instanceof AppError) throw error;
      failure ??= error;
    }
    const progress = { phase: 'parse', done: number, total: pdf.numPages, unit: 'pages' } as const;
    options?.onProgress?.({ ...progress, label: nameOf(file) });
  }
  if (failure !== undefined || isCutOff) throw damaged(pages.length, pdf.numPages, isCutOff, failure);
  return pages;
}

/** Reads a whole PDF. Errors: input/invalid, input/password-protected, input/too-large, worker/crashed, abort/by-user. */
export async function readPdf(
  file: Blob,
  isCutOff: boolean,
  options: CallOptions | undefined,
): Promise<ParsedDocument> {
  throwIfAborted(options?.signal);
  let session: PdfSession | undefined;
  try {
    session = await openPdf(new Uint8Array(await file.arrayBuffer()));
    const pages = await readPages(session, file, isCutOff, options);
    const outline = await waitUnlessAborted(readOutline(session.pdf), options?.signal);
    const { title: shown, ...document } = layOut(pages, outline);
    const title =
      (await statedTitle(session.pdf)) ?? shown ?? document.headings.find(({ level }) => level === 1)?.text;
    return { ...document, ...(title === undefined ? {} : { title }) };
  } catch (error) {
    const known = toAppError(error);
    if (isCutOff && known.code === 'input/invalid' && known.details.pageCount === undefined)
      throw new AppError(
        'input/invalid',
        'This PDF is cut off: its end is missing and no page can be read. Get the whole file again where it came from, then add that.',
        { details: { isCutOff }, cause: error },
      );
    throw known;
  } finally {
    await session?.close();
  }
}
