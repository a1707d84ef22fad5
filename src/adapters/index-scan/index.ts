export { createScanIndex } from './scan-index.ts';
