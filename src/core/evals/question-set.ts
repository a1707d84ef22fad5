import type { DatasetRecord, QuestionRecord } from '#core/ports/eval-records.ts';
import type { ChunkRecord } from '#core/ports/library-records.ts';
import type { EvalDataset } from './dataset.ts';

/** A chunk of the user's library with the name of its document. */
export interface NamedChunk {
  readonly chunk: Pick<ChunkRecord, 'documentId' | 'ordinal' | 'start' | 'end' | 'headingPath' | 'text'>;
  readonly documentName: string;
}

type Span = QuestionRecord['answers'][number];

/** A passage as a document of a set over the user's own library. */
export const passageId = ({ documentId, ordinal }: Pick<ChunkRecord, 'documentId' | 'ordinal'>): string =>
  `${documentId}:${ordinal}`;

/** An answer goes with the passages that hold half of it, or that lie half inside it: chunks may be cut anew. */
function isIn(answer: Span, { documentId, start, end }: NamedChunk['chunk']): boolean {
  if (answer.documentId !== documentId) return false;
  const shared = Math.min(answer.end, end) - Math.max(answer.start, start);
  return shared > 0 && shared * 2 >= Math.min(answer.end - answer.start, end - start);
}

/**
 * A set of the user's own questions as a dataset whose documents are the passages of the library. An answer whose document
 * is not there any more is judged under a name of its own, so that it counts as missed and is named.
 */
export function datasetOf(record: DatasetRecord, passages: readonly NamedChunk[]): EvalDataset {
  const byDocument = new Map<string, NamedChunk[]>();
  for (const passage of passages) {
    const { documentId } = passage.chunk;
    const own = byDocument.get(documentId);
    if (own) own.push(passage);
    else byDocument.set(documentId, [passage]);
  }
  const judged = (answer: Span): readonly string[] => {
    const held = (byDocument.get(answer.documentId) ?? []).filter(({ chunk }) => isIn(answer, chunk));
    return held.length > 0
      ? held.map(({ chunk }) => passageId(chunk))
      : [`${answer.documentId}:${answer.start}-${answer.end}`];
  };
  return {
    name: record.name,
    documents: passages.map(({ chunk, documentName }) => ({
      id: passageId(chunk),
      title: [documentName, ...chunk.headingPath].join(' › '),
      text: chunk.text,
    })),
    queries: record.questions.map(({ id, text }) => ({ id, text })),
    judgements: new Map(
      record.questions.map(({ id, answers }) => [
        id,
        new Map(answers.flatMap(judged).map((key) => [key, 1])),
      ]),
    ),
  };
}
