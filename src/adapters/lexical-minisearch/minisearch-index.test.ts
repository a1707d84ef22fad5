import { describeLexicalIndex } from '#core/ports/lexical-index.conformance.ts';
import { createMiniSearchIndex } from './index.ts';

describeLexicalIndex('lexical-minisearch', createMiniSearchIndex);
