import { GraduationCap } from 'lucide-react';
import { type ChangeEvent, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { ENOUGH_CAPTIONS, FEWEST_CAPTIONED } from '#core/images/index.ts';
import type { ImageRecord } from '#core/ports/image-records.ts';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatNumber } from '#ui/format.ts';
import { ProgressBar } from '#ui/progress-bar.tsx';
import { Switch } from '#ui/switch.tsx';
import type { CaptionLessonsState, Lesson, CaptionLessons as Lessons } from '../caption-lessons.ts';
import styles from './caption-lessons.module.css';
import { LessonPlot, LessonTable } from './lesson-plot.tsx';
import { LessonResult } from './lesson-result.tsx';

interface PartProps {
  readonly lessons: Lessons;
  readonly state: CaptionLessonsState;
}

function ImportButton({ lessons }: { readonly lessons: Lessons }) {
  const input = useRef<HTMLInputElement>(null);
  const choose = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    const [file] = target.files ?? [];
    if (file) void lessons.importFile(file);
    target.value = '';
  };
  return (
    <>
      <Button
        title="JSON, [{ “file”: “a.jpg”, “caption”: “…” }], or CSV with the columns file and caption"
        onClick={() => input.current?.click()}
      >
        Import captions…
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".json,.csv,.tsv,.txt,application/json,text/csv"
        aria-label="Captions file"
        data-testid="captions-file"
        onChange={choose}
      />
    </>
  );
}

const SHOWN_NAMES = 5;

function Imported({ state: { imported, importError } }: Pick<PartProps, 'state'>) {
  if (importError) return <ErrorCard error={importError} />;
  if (imported === undefined) return null;
  const { pictures, unmatched } = imported;
  const rest = unmatched.length - SHOWN_NAMES;
  return (
    <p className={styles.quiet} role="status" data-testid="captions-imported">
      Captions were added to {pictures === 1 ? '1 picture' : `${formatNumber(pictures)} pictures`}.
      {unmatched.length > 0
        ? ` For ${formatNumber(unmatched.length)} names there is no picture, or more than one: ${unmatched.slice(0, SHOWN_NAMES).join(', ')}${rest > 0 ? ` and ${formatNumber(rest)} more` : ''}.`
        : ''}
    </p>
  );
}

function Kept({ lessons, state: { kept } }: PartProps) {
  if (kept === undefined) return null;
  const { pictures, captions, recall1, verdict } = kept;
  return (
    <section className={styles.kept} aria-label="What was learned" data-testid="lesson-kept">
      <Switch
        label="Search with what was learned"
        checked={kept.isOn}
        onChange={(isOn) => void lessons.setOn(isOn)}
        description={`From ${formatNumber(captions)} captions of ${formatNumber(pictures)} pictures. On held-out pictures the right one came first in ${Math.round(recall1.before * 100)} % before, ${Math.round(recall1.after * 100)} % after${verdict === 'better' ? '' : ': no proven gain'}. It changes searches in words; labels, albums and duplicates stay as they are.`}
      />
      <Button size="small" onClick={() => void lessons.forget()}>
        Delete what was learned
      </Button>
    </section>
  );
}

function Running({ lesson, lessons }: { readonly lesson: Lesson; readonly lessons: Lessons }) {
  const { status, embedded, losses, steps = 0 } = lesson;
  const isLearning = status === 'learning';
  const share = isLearning
    ? losses.length / Math.max(1, steps)
    : embedded && embedded.done / Math.max(1, embedded.total);
  return (
    <div className={styles.running}>
      <p role="status">
        {isLearning
          ? `Learning, step ${formatNumber(losses.length)} of at most ${formatNumber(steps)}`
          : 'Reading the captions'}
      </p>
      <ProgressBar value={share} label="Progress of the lesson" />
      <Button onClick={lessons.discard}>Stop</Button>
    </div>
  );
}

function LessonView({ lesson, lessons }: { readonly lesson: Lesson; readonly lessons: Lessons }) {
  const [isTable, setTable] = useState(false);
  const isRunning = lesson.status === 'preparing' || lesson.status === 'learning';
  return (
    <>
      {isRunning ? <Running lesson={lesson} lessons={lessons} /> : null}
      {lesson.error ? (
        <ErrorCard error={lesson.error} actions={<Button onClick={lessons.discard}>Close</Button>} />
      ) : null}
      {lesson.report ? <LessonResult report={lesson.report} lessons={lessons} /> : null}
      {lesson.validations.length > 0 ? (
        <section className={styles.section} aria-label="Course of the lesson">
          <div className={styles.sectionHead}>
            <p className={styles.legend}>
              <span data-line="loss">Loss</span>
              <span data-line="validation">Validation pictures, mean of 1 / place</span>
            </p>
            <Button size="small" variant="quiet" onClick={() => setTable(!isTable)}>
              {isTable ? 'Show the plot' : 'Show the table'}
            </Button>
          </div>
          {isTable ? <LessonTable lesson={lesson} /> : <LessonPlot lesson={lesson} />}
        </section>
      ) : null}
    </>
  );
}

/** How far the captions reach, in words. */
function readiness(pictures: number, captions: number): string {
  const have = `${pictures === 1 ? '1 indexed picture has' : `${formatNumber(pictures)} indexed pictures have`} a caption (${formatNumber(captions)} in all).`;
  if (pictures < FEWEST_CAPTIONED)
    return `${have} It takes ${FEWEST_CAPTIONED} to begin, because a part of them is held out to measure with.`;
  if (captions < ENOUGH_CAPTIONS)
    return `${have} That is enough to try; below about ${ENOUGH_CAPTIONS} captions it seldom helps.`;
  return have;
}

/** Captions teach search the user's own words, if held-out pictures say that it does. */
export function CaptionLessons({
  lessons,
  images,
}: {
  readonly lessons: Lessons;
  readonly images: readonly ImageRecord[];
}) {
  const state = useStore(lessons.store);
  const ready = images.filter(({ status }) => status === 'ready');
  const spaceId = ready[0]?.spaceId;
  useEffect(() => void lessons.lookUp(spaceId), [lessons, spaceId]);
  const captioned = ready.filter(({ captions = [] }) => captions.length > 0);
  const count = captioned.reduce((sum, { captions = [] }) => sum + captions.length, 0);
  const { lesson, kept } = state;
  if (captioned.length === 0 && kept === undefined && lesson === undefined)
    return (
      <div className={styles.view} data-testid="caption-lessons">
        <EmptyState
          icon={<GraduationCap />}
          title="Teach search your own words"
          text={`Write captions on opened pictures, or import them from a file. From ${FEWEST_CAPTIONED} captioned pictures on, a small layer can be fitted to them on this device; pictures that it has not seen then show whether it helps.`}
          actions={<ImportButton lessons={lessons} />}
        />
        <Imported state={state} />
      </div>
    );
  return (
    <div className={styles.view} data-testid="caption-lessons">
      <div className={styles.head}>
        <p data-testid="lesson-readiness">{readiness(captioned.length, count)}</p>
        <ImportButton lessons={lessons} />
        {lesson === undefined || lesson.status === 'failed' ? (
          <Button
            variant="primary"
            disabled={captioned.length < FEWEST_CAPTIONED}
            onClick={() => void lessons.start()}
          >
            Learn from captions
          </Button>
        ) : null}
      </div>
      <Imported state={state} />
      <Kept lessons={lessons} state={state} />
      {lesson ? <LessonView lesson={lesson} lessons={lessons} /> : null}
    </div>
  );
}
