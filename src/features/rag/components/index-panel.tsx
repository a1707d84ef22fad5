import { useEffect, useRef, useState } from 'react';
import type { IndexReport } from '#core/ports/library.ts';
import type { IndexChoice } from '#core/rag/index.ts';
import { type Progress, shareOf } from '#shared/call.ts';
import { isAbort, toAppError, toWire, type WireError } from '#shared/errors.ts';
import { Button } from '#ui/button.tsx';
import { ChoiceGroup } from '#ui/choice-group.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { ProgressBar } from '#ui/progress-bar.tsx';
import styles from '../index-panel.module.css';
import type { LibraryController } from '../library-controller.ts';
import { IndexReports } from './index-reports.tsx';

const CHOICES = [
  {
    value: 'auto',
    label: 'Automatic',
    description: 'Exact for small libraries, 8-bit codes from 2,000 passages on.',
  },
  {
    value: 'exact',
    label: 'Exact',
    description: 'Compares every vector in full: misses nothing, slows down as the library grows.',
  },
  {
    value: 'int8',
    label: '8-bit codes',
    description: 'Scans codes of a quarter of the size and compares the best of them in full.',
  },
  {
    value: 'voy',
    label: 'Voy',
    description: 'A tree of another project, to compare with: slower than both in our measurements.',
  },
] as const satisfies readonly { value: IndexChoice; label: string; description: string }[];

/** A newer figure takes the place of the older one of the same space and kind: what was measured can be compared. */
function merged(old: readonly IndexReport[], fresh: readonly IndexReport[]): readonly IndexReport[] {
  const isSame = (a: IndexReport, b: IndexReport): boolean => a.spaceId === b.spaceId && a.kind === b.kind;
  return [...old.filter((report) => !fresh.some((other) => isSame(report, other))), ...fresh];
}

function useMeasurement(controller: LibraryController) {
  const [reports, setReports] = useState<readonly IndexReport[]>();
  const [running, setRunning] = useState<AbortController>();
  const [progress, setProgress] = useState<Progress>();
  const [error, setError] = useState<WireError>();
  const current = useRef<AbortController>(undefined);
  useEffect(() => () => current.current?.abort(), []);
  const measure = async (): Promise<void> => {
    const abort = new AbortController();
    current.current = abort;
    setRunning(abort);
    setProgress(undefined);
    setError(undefined);
    try {
      const fresh = await controller.measureIndex({ signal: abort.signal, onProgress: setProgress });
      setReports((old = []) => merged(old, fresh));
    } catch (cause) {
      if (!isAbort(cause)) setError(toWire(toAppError(cause)));
    } finally {
      setRunning(undefined);
    }
  };
  return { reports, running, progress, error, measure, setError };
}

function Choice({
  controller,
  disabled,
  onError,
}: {
  readonly controller: LibraryController;
  readonly disabled: boolean;
  readonly onError: (error: WireError) => void;
}) {
  const [choice, setChoice] = useState<IndexChoice>();
  const failed = useRef(onError);
  failed.current = onError;
  useEffect(() => {
    controller.indexChoice().then(setChoice, (cause) => failed.current(toWire(toAppError(cause))));
  }, [controller]);
  if (choice === undefined) return null;
  const choose = (next: IndexChoice): void => {
    setChoice(next);
    controller.setIndexChoice(next).catch((cause: unknown) => {
      setChoice(choice);
      failed.current(toWire(toAppError(cause)));
    });
  };
  return (
    <fieldset className={styles.choice} disabled={disabled} aria-label="Kind of index">
      <ChoiceGroup
        label="Kind of index, for the whole library"
        value={choice}
        choices={CHOICES}
        onChange={choose}
      />
    </fieldset>
  );
}

/** What the vector index of a collection holds, what it finds of an exact search, how long it takes, and which kind it is. */
export function IndexPanel({
  name,
  controller,
  onClose,
}: {
  readonly name: string;
  readonly controller: LibraryController;
  readonly onClose: () => void;
}) {
  const { reports, running, progress, error, measure, setError } = useMeasurement(controller);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="What the index finds">
      <div className={styles.panel}>
        <p className={styles.note}>
          {name}: 100 of its own passages are looked for in the index, and the ten it finds are compared with
          the ten that an exact search over all stored vectors finds.
        </p>
        {error ? <ErrorCard error={error} /> : null}
        {reports === undefined ? null : reports.length === 0 ? (
          <p className={styles.note} role="status">
            No passage here has a vector yet: index the documents first.
          </p>
        ) : (
          <IndexReports reports={reports} />
        )}
        {running ? (
          <div className={styles.running}>
            <ProgressBar label="Measuring the index" value={shareOf(progress)} />
            <Button size="small" onClick={() => running.abort()}>
              Stop
            </Button>
          </div>
        ) : (
          <div>
            <Button variant="primary" onClick={() => void measure()}>
              {reports ? 'Measure again' : 'Measure'}
            </Button>
          </div>
        )}
        <Choice controller={controller} disabled={running !== undefined} onError={setError} />
      </div>
    </Dialog>
  );
}
