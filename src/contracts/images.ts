import type { Pictures } from '#core/ports/pictures.ts';
import type { PromptPictures } from '#core/ports/prompt-pictures.ts';
import type { Contract } from '#rpc/contract.ts';

export const imagesContract: Contract<Pictures & PromptPictures> = {
  add: 'unary',
  ingest: 'unary',
  readTexts: 'unary',
  stale: 'unary',
  search: 'unary',
  moments: 'unary',
  frame: 'unary',
  labels: 'unary',
  groups: 'unary',
  map: 'unary',
  albums: 'unary',
  renameAlbum: 'unary',
  learnTag: 'unary',
  captioned: 'unary',
  forget: 'unary',
  prepare: 'unary',
};
