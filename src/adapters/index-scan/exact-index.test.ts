import { describeVectorIndex } from '#core/ports/vector-index.conformance.ts';
import { createExactIndex } from './index.ts';

describeVectorIndex('index-scan, exact', createExactIndex);
