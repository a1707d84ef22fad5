import { ArrowLeft, Trash2 } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { SourcePassage } from '#core/ports/chat-records.ts';
import type { DatasetRecord } from '#core/ports/eval-records.ts';
import { isAbort, toAppError, toWire, type WireError } from '#shared/errors.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatNumber } from '#ui/format.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { TextField } from '#ui/text-field.tsx';
import styles from '../evals.module.css';
import type { EvalsController } from '../evals-controller.ts';
import type { QuestionDraft } from '../evals-state.ts';
import { DraftQueue } from './draft-queue.tsx';

interface EditorProps {
  readonly controller: EvalsController;
  readonly set: DatasetRecord;
  readonly drafts: readonly QuestionDraft[];
  readonly disabled: boolean;
}

const keyOf = ({ documentId, ordinal }: SourcePassage): string => `${documentId}:${ordinal}`;

/** Only the last search counts; it ends with the form. */
function usePassages(controller: EvalsController) {
  const [found, setFound] = useState<readonly SourcePassage[]>();
  const [error, setError] = useState<WireError>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const find = async (query: string): Promise<void> => {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    setError(undefined);
    try {
      const passages = await controller.findPassages(query, abort.signal);
      if (!abort.signal.aborted) setFound(passages);
    } catch (cause) {
      if (!isAbort(cause) && !abort.signal.aborted) setError(toWire(toAppError(cause)));
    }
  };
  return { found, error, find, clear: () => setFound(undefined) };
}

function Candidates({
  passages,
  chosen,
  onToggle,
}: {
  readonly passages: readonly SourcePassage[];
  readonly chosen: ReadonlyMap<string, SourcePassage>;
  readonly onToggle: (passage: SourcePassage) => void;
}) {
  return (
    <fieldset className={styles.candidates}>
      <legend>Which of these answer it, or should have a question?</legend>
      {passages.map((passage) => (
        <label key={keyOf(passage)} data-testid="candidate">
          <input type="checkbox" checked={chosen.has(keyOf(passage))} onChange={() => onToggle(passage)} />
          <span>
            <span className={styles.muted}>{[passage.documentName, ...passage.headingPath].join(' › ')}</span>
            <span className={styles.candidateText}>{passage.text.trim()}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function NewQuestion({ controller, disabled }: Omit<EditorProps, 'set' | 'drafts'>) {
  const [text, setText] = useState('');
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState<ReadonlyMap<string, SourcePassage>>(new Map());
  const { found, error, find, clear } = usePassages(controller);
  const search = (event: FormEvent): void => {
    event.preventDefault();
    const query = words.trim() || text.trim();
    if (query !== '') void find(query);
  };
  const toggle = (passage: SourcePassage): void => {
    const next = new Map(chosen);
    if (!next.delete(keyOf(passage))) next.set(keyOf(passage), passage);
    setChosen(next);
  };
  const add = async (): Promise<void> => {
    const answers = [...chosen.values()].map(({ documentId, start, end }) => ({ documentId, start, end }));
    if (!(await controller.addQuestion(text, answers))) return;
    setText('');
    setWords('');
    setChosen(new Map());
    clear();
  };
  // What was chosen in an earlier search stays in sight.
  const shown = [
    ...[...chosen].filter(([key]) => !found?.some((each) => keyOf(each) === key)).map(([, each]) => each),
    ...(found ?? []),
  ];
  return (
    <form className={styles.panel} onSubmit={search} aria-label="New question">
      <TextField
        label="Question"
        maxLength={500}
        value={text}
        disabled={disabled}
        onChange={(event) => setText(event.target.value)}
      />
      <TextField
        label="Look for its answer with other words"
        description="A search that is measured should not choose its own answers: look in other ways, too."
        value={words}
        disabled={disabled}
        onChange={(event) => setWords(event.target.value)}
      />
      <div className={styles.actions}>
        <Button type="submit" disabled={disabled || (text.trim() === '' && words.trim() === '')}>
          Find passages
        </Button>
        <Button
          variant="primary"
          disabled={disabled || text.trim() === '' || chosen.size === 0}
          onClick={() => void add()}
        >
          Add the question
        </Button>
        <Button
          disabled={disabled || chosen.size === 0}
          onClick={() => {
            void controller.draftQuestions([...chosen.values()]);
            setChosen(new Map());
          }}
        >
          Let the chat model draft
        </Button>
      </div>
      {error ? <ErrorCard error={error} /> : null}
      {found?.length === 0 ? <p role="status">Nothing was found with these words.</p> : null}
      {shown.length > 0 ? <Candidates passages={shown} chosen={chosen} onToggle={toggle} /> : null}
    </form>
  );
}

/** The questions of a set, each with the passages that answer it. */
export function QuestionEditor({ controller, set, drafts, disabled }: EditorProps) {
  return (
    <section className={styles.section} aria-label="Questions">
      <div className={styles.sectionHead}>
        <h2>{set.name}</h2>
        <Button variant="quiet" icon={<ArrowLeft />} disabled={disabled} onClick={controller.closeSet}>
          All sets
        </Button>
      </div>
      {set.questions.length > 0 ? (
        <ul className={styles.sets}>
          {set.questions.map(({ id, text, answers }) => (
            <li key={id} data-testid="question">
              <p>
                {text}
                <span className={styles.muted}>
                  {formatNumber(answers.length)} {answers.length === 1 ? 'passage' : 'passages'}
                </span>
              </p>
              <IconButton
                label={`Remove “${text}”`}
                icon={<Trash2 />}
                disabled={disabled}
                onClick={() => void controller.removeQuestion(id)}
              />
            </li>
          ))}
        </ul>
      ) : null}
      <DraftQueue controller={controller} drafts={drafts} disabled={disabled} />
      <NewQuestion controller={controller} disabled={disabled} />
    </section>
  );
}
