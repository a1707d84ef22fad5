// Fetched after the page, and only where there are two documents to compare.
export { createNearDuplicates } from '#core/rag/index.ts';
