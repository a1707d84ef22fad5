import type { TextRecognizer } from '#core/ports/text-recognizer.ts';
import type { Contract } from '#rpc/contract.ts';

export const ocrContract: Contract<TextRecognizer> = { load: 'unary', recognize: 'unary' };
