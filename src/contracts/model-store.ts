import type { ModelStore } from '#core/ports/model-store.ts';
import type { Contract } from '#rpc/contract.ts';

export const modelStoreContract: Contract<ModelStore> = {
  list: 'unary',
  filesOf: 'unary',
  download: 'unary',
  importFile: 'unary',
  openFile: 'unary',
  remove: 'unary',
};
