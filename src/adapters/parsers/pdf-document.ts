import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import type { ParsedDocument, ParsedPage } from '#core/ports/document-parser.ts';
import { throwIfAborted } from '#shared/breathe.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { waitUnlessAborted } from '#shared/turns.ts';
import { multiply } from './matrix.ts';
import type { OutlineEntry } from './pdf-headings.ts';
import { layOut } from './pdf-layout.ts';
import { type PageRuns, type RawItem, toRuns } from './pdf-runs.ts';
import { openPdf, type PdfSession } from './pdf-session.ts';
import { nameOf } from './sniff.ts';
import { toAppError } from './to-app-error.ts';

const OUTLINE_LIMIT = 2000;

/** What is read on a page beside its text layer. */
interface SeenPage {
  readonly runs: PageRuns;
  /** Of what was recognized in pictures. */
  readonly confidence?: number;
}

/** Reads what the text layer of a page does not hold. */
export type SeePage = (page: PDFPageProxy, runs: PageRuns) => Promise<SeenPage>;

const onlyTextLayer: SeePage = async (_, runs) => ({ runs });

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
  see: SeePage,
  options: CallOptions | undefined,
): Promise<SeenPage[]> {
  const pages: SeenPage[] = [];
  const phase = see === onlyTextLayer ? 'parse' : 'recognize';
  let failure: unknown;
  for (let number = 1; number <= pdf.numPages; number++) {
    throwIfAborted(options?.signal);
    try {
      const page = await waitUnlessAborted(Promise.race([pdf.getPage(number), crashed]), options?.signal);
      const seen = readPage(page, number).then((runs) => see(page, runs));
      pages.push(await waitUnlessAborted(Promise.race([seen, crashed]), options?.signal));
      page.cleanup();
    } catch (error) {
      if (error instanceof AppError) throw error;
      failure ??= error;
    }
    const progress = { phase, done: number, total: pdf.numPages, unit: 'pages' } as const;
    options?.onProgress?.({ ...progress, label: nameOf(file) });
  }
  if (failure !== undefined || isCutOff) throw damaged(pages.length, pdf.numPages, isCutOff, failure);
  return pages;
}

function withConfidence(pages: readonly ParsedPage[], seen: readonly SeenPage[]): readonly ParsedPage[] {
  return pages.map((page, i) => {
    const confidence = seen[i]?.confidence;
    return confidence === undefined ? page : { ...page, confidence };
  });
}

/** Reads a whole PDF. Errors: input/invalid, input/password-protected, input/too-large, worker/crashed, abort/by-user. */
export async function readPdf(
  file: Blob,
  isCutOff: boolean,
  options: CallOptions | undefined,
  see: SeePage = onlyTextLayer,
): Promise<ParsedDocument> {
  throwIfAborted(options?.signal);
  let session: PdfSession | undefined;
  try {
    session = await openPdf(new Uint8Array(await file.arrayBuffer()));
    const seen = await readPages(session, file, isCutOff, see, options);
    const outline = await waitUnlessAborted(readOutline(session.pdf), options?.signal);
    const { title: shown, ...laidOut } = layOut(
      seen.map(({ runs }) => runs),
      outline,
    );
    const document = { ...laidOut, pages: withConfidence(laidOut.pages, seen) };
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
