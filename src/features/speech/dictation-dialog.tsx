import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { HEARD, languageOptions } from '#core/speech/index.ts';
import { clockOf } from '#shared/clock.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { Meter } from '#ui/meter.tsx';
import { Select } from '#ui/select.tsx';
import { createDictation, type Dictation, type DictationDependencies } from './create-dictation.ts';
import styles from './dictation.module.css';

interface DictationDialogProps {
  readonly dependencies: DictationDependencies;
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
  readonly onOpenModels: () => void;
}

const SAID = {
  looking: 'Looking for a speech model…',
  'no-model': '',
  opening: 'The browser asks whether this page may use the microphone.',
  listening: 'Listening',
  writing: 'Writing down what was said…',
  failed: '',
} as const;

function useDictation({ dependencies, onText }: DictationDialogProps): Dictation | undefined {
  const [dictation, setDictation] = useState<Dictation>();
  const latest = useRef(onText);
  latest.current = onText;
  useEffect(() => {
    const begun = createDictation(dependencies, (text) => latest.current(text));
    setDictation(begun);
    void begun.start();
    return begun.dispose;
  }, [dependencies]);
  return dictation;
}

function Body({
  dictation,
  onOpenModels,
}: {
  readonly dictation: Dictation;
  readonly onOpenModels: () => void;
}) {
  const { status, level, seconds, languages, language, error } = useStore(dictation.store);
  if (status === 'no-model')
    return (
      <div className={styles.body}>
        <p>
          Dictation needs a speech model, and none is on this device yet. Get “Whisper tiny” or “Whisper base”
          under Models (task: speech), then come back.
        </p>
        <Button size="small" onClick={onOpenModels}>
          Open Models
        </Button>
      </div>
    );
  return (
    <div className={styles.body}>
      {error ? (
        <ErrorCard
          error={error}
          actions={
            <Button size="small" onClick={() => void dictation.start()}>
              Try again
            </Button>
          }
        />
      ) : null}
      <Select
        label="Language that is spoken"
        value={language}
        onChange={dictation.setLanguage}
        disabled={languages.length === 0}
        options={
          languages.length === 0
            ? [{ value: HEARD, label: 'The model is being loaded' }]
            : languageOptions(languages)
        }
      />
      <p className={styles.status} data-testid="dictation" data-status={status}>
        <span aria-live="polite">{SAID[status]}</span>
        {status === 'listening' ? <span className={styles.clock}>{clockOf(seconds)}</span> : null}
      </p>
      {status === 'listening' ? (
        <Meter label="How loud it is" value={Math.round(level * 100)} max={100} />
      ) : null}
    </div>
  );
}

/** Listens at once; what was said is written where the caret stands when the user stops. */
export function DictationDialog(props: DictationDialogProps) {
  const dictation = useDictation(props);
  if (dictation === undefined) return null;
  return <OpenDialog {...props} dictation={dictation} />;
}

function OpenDialog({
  dictation,
  onClose,
  onOpenModels,
}: DictationDialogProps & { readonly dictation: Dictation }) {
  const status = useStore(dictation.store, (state) => state.status);
  return (
    <Dialog
      title="Dictate"
      description="What you say is written down on this device. No sound leaves it, and none is kept."
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={status !== 'listening'} onClick={() => void dictation.stop()}>
            Stop and insert
          </Button>
        </>
      }
    >
      <Body dictation={dictation} onOpenModels={onOpenModels} />
    </Dialog>
  );
}
