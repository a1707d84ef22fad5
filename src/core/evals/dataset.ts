import { AppError } from '#shared/errors.ts';

export interface EvalDocument {
  readonly id: string;
  /** '' when it has none. */
  readonly title: string;
  readonly text: string;
}

export interface EvalQuery {
  readonly id: string;
  readonly text: string;
}

/** Grades by query id, then by document id. 0 = judged and not relevant; higher = better. */
export type Judgements = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Questions and what answers them, over a corpus of documents. */
export interface EvalDataset {
  readonly name: string;
  readonly documents: readonly EvalDocument[];
  readonly queries: readonly EvalQuery[];
  readonly judgements: Judgements;
}

/** The questions that can be scored: those with at least one relevant document. Order kept. */
export function judgedQueries({ queries, judgements }: Pick<EvalDataset, 'queries' | 'judgements'>) {
  return queries.filter(({ id }) => [...(judgements.get(id)?.values() ?? [])].some((grade) => grade > 0));
}

export interface DatasetProblems {
  /** Documents that are judged but not in the corpus: no search can find them, and they count as missed. */
  readonly missingDocuments: readonly string[];
  /** Queries that are judged but not in the list. */
  readonly missingQueries: readonly string[];
}

/** What is named in the judgements but is not there. Errors: input/invalid when nothing at all can be scored. */
export function checkDataset(dataset: EvalDataset): DatasetProblems {
  const documents = new Set(dataset.documents.map(({ id }) => id));
  const queries = new Set(dataset.queries.map(({ id }) => id));
  const judged = [...dataset.judgements].flatMap(([, grades]) => [...grades.keys()]);
  if (judgedQueries(dataset).length === 0)
    throw new AppError(
      'input/invalid',
      'No question of this set has a relevant document: there is nothing to score. Check that the ids in qrels/test.tsv are those of queries.jsonl.',
    );
  return {
    missingDocuments: [...new Set(judged.filter((id) => !documents.has(id)))],
    missingQueries: [...dataset.judgements.keys()].filter((id) => !queries.has(id)),
  };
}
