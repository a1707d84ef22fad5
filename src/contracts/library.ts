import type { Library } from '#core/ports/library.ts';
import type { Contract } from '#rpc/contract.ts';

export const libraryContract: Contract<Library> = {
  addFiles: 'unary',
  ingest: 'unary',
  stale: 'unary',
  search: 'unary',
  align: 'unary',
  warm: 'unary',
  measureIndex: 'unary',
  forget: 'unary',
  map: 'unary',
  neighbours: 'unary',
  tokens: 'unary',
};
