import { createTesseractRecognizer } from '#adapters/ocr-tesseract/index.ts';
import { ocrContract } from '#contracts/ocr.ts';
import type { TextRecognizer } from '#core/ports/text-recognizer.ts';
import type { Server } from '#rpc/contract.ts';
import type { Port, ToClient, ToServer } from '#rpc/messages.ts';
import { serve } from '#rpc/serve.ts';

const recognizer = createTesseractRecognizer();

// A page is read in one go of some seconds: whoever stops it ends this worker, see workers/library.
const server: Server<TextRecognizer> = {
  load: (input, { signal, progress }) => recognizer.load(input, { signal, onProgress: progress }),
  recognize: (input, { signal, progress }) => recognizer.recognize(input, { signal, onProgress: progress }),
};

serve(ocrContract, server, self as unknown as Port<ToClient, ToServer>);
