import type { Reranker } from '#core/ports/reranker.ts';
import type { Contract } from '#rpc/contract.ts';

export const rerankContract: Contract<Reranker> = { load: 'unary', rerank: 'unary', unload: 'unary' };
