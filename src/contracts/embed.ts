import type { TextEmbedder } from '#core/ports/text-embedder.ts';
import type { Contract } from '#rpc/contract.ts';

export const embedContract: Contract<TextEmbedder> = { load: 'unary', embed: 'unary', unload: 'unary' };
