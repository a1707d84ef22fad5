import { describePageRenderer } from '#core/ports/page-renderer.conformance.ts';
import encryptedUrl from '../../../e2e/fixtures/documents/encrypted.pdf?url';
import truncatedUrl from '../../../e2e/fixtures/documents/truncated.pdf?url';
import { textAt, writePdf } from '../../../scripts/pdf-writer.mjs';
import { createPdfPageRenderer } from './index.ts';

async function fixture(url: string): Promise<Blob> {
  return (await fetch(url)).blob();
}

describePageRenderer('page-renderer-pdf', async () => ({
  renderer: createPdfPageRenderer(),
  document: new Blob([
    writePdf({ pages: [{ content: textAt(72, 100, 20, 'Hello there') }, { rotate: 90, content: '' }] }),
  ]),
  pages: [
    {
      geometry: { width: 595, height: 842, rotation: 0 },
      ink: { left: 73.5, top: 85.5, right: 168, bottom: 100 },
    },
    { geometry: { width: 842, height: 595, rotation: 90 } },
  ],
  refused: [
    { name: 'locked', file: await fixture(encryptedUrl), code: 'input/password-protected' },
    { name: 'cut short', file: await fixture(truncatedUrl), code: 'input/invalid' },
    { name: 'no PDF', file: new Blob(['nothing']), code: 'input/invalid' },
    { name: 'empty', file: new Blob([]), code: 'input/invalid' },
  ],
}));
