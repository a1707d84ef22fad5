import { describeVectorIndex } from '#core/ports/vector-index.conformance.ts';
import { createScanIndex } from './index.ts';

describeVectorIndex('index-scan', createScanIndex);
