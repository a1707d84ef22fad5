/** What answers a question: a part of a stored document, whose id is the hash of its bytes. Offsets as in a citation. */
interface AnsweringSpan {
  readonly documentId: string;
  readonly start: number;
  readonly end: number;
}

export interface QuestionRecord {
  readonly id: string;
  readonly text: string;
  /** Where it comes from; a drafted one was confirmed by the user. */
  readonly origin: 'hand' | 'starred' | 'drafted';
  /** Independent of how documents are cut: a new chunker does not change what is right. */
  readonly answers: readonly AnsweringSpan[];
}

/** Questions to the user's own documents. */
export interface DatasetRecord {
  readonly id: string;
  readonly name: string;
  /** What is searched; empty = the whole library. */
  readonly collectionIds: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly questions: readonly QuestionRecord[];
}

/** One evaluation of a set. What was measured is kept as it was exported, and checked with a schema when it is read. */
export interface EvalRunRecord {
  readonly id: string;
  readonly datasetId: string;
  readonly createdAt: number;
  readonly result: unknown;
}
