import { AudioLines } from 'lucide-react';
import { useCallback, useState } from 'react';
import type { DocumentRecord } from '#core/ports/library-records.ts';
import type { SpeechRecognizerInfo } from '#core/ports/speech-recognizer.ts';
import { HEARD, languageOptions } from '#core/speech/index.ts';
import { clockOf } from '#shared/clock.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { FactList } from '#ui/fact-list.tsx';
import { formatDuration } from '#ui/format.ts';
import { Select } from '#ui/select.tsx';
import { useLoaded } from '#ui/use-loaded.ts';
import type { LibraryController } from '../library-controller.ts';
import type { Transcription, TranscriptionPlan } from './create-transcription.ts';
import styles from './transcription.module.css';

interface TranscriptionDialogProps {
  readonly controller: LibraryController;
  readonly document: DocumentRecord;
  readonly onClose: () => void;
}

function timeInWords({ seconds, msPerSecond }: TranscriptionPlan, modelId: string): string {
  const pace = msPerSecond[modelId];
  if (pace === undefined)
    return 'Not known before the first recording: on a laptop about as long as it plays or less. The time left is then shown.';
  const each = `${(pace / 1000).toFixed(2)} s for a second of sound, as measured on this device`;
  return seconds === undefined ? each : `About ${formatDuration(pace * seconds)} (${each})`;
}

const factsOf = (plan: TranscriptionPlan, modelId: string) =>
  [
    ['Length', plan.seconds === undefined ? 'Not said by the file' : clockOf(plan.seconds)],
    ['To fetch', 'Nothing: the model is on this device'],
    ['Time', timeInWords(plan, modelId)],
  ] as const;

/** Which part of this computer listens and writes. */
function deviceInWords({ runsOn, decoderRunsOn }: SpeechRecognizerInfo): string {
  if (runsOn === 'wasm' && decoderRunsOn === 'wasm') return 'Runs on the processor.';
  if (runsOn === decoderRunsOn) return 'Runs on the graphics processor.';
  return runsOn === 'webgpu'
    ? 'Listens on the graphics processor, writes on the processor.'
    : 'Listens on the processor, writes on the graphics processor.';
}

/** The languages that the model knows; it is loaded for that, which it has to be anyway. */
function LanguageChoice({
  transcription,
  modelId,
  value,
  onChange,
}: {
  readonly transcription: Transcription;
  readonly modelId: string;
  readonly value: string;
  readonly onChange: (language: string) => void;
}) {
  const info = useLoaded(useCallback(() => transcription.info(modelId), [transcription, modelId]));
  if (info.status === 'failed') return <ErrorCard error={info.error} />;
  return (
    <>
      <Select
        label="Language that is spoken"
        value={value}
        onChange={onChange}
        disabled={info.status === 'loading'}
        options={languageOptions(info.status === 'ready' ? info.value.languages : [])}
      />
      {info.status === 'ready' ? <p data-testid="speech-device">{deviceInWords(info.value)}</p> : null}
    </>
  );
}

/** Says what writing down a recording will take, and asks for the language; nothing happens before the answer. */
function TranscriptionDialog({ controller, document, onClose }: TranscriptionDialogProps) {
  const [chosenModel, setChosenModel] = useState<string>();
  const [language, setLanguage] = useState(HEARD);
  const loaded = useLoaded(
    useCallback(async (): Promise<{ transcription: Transcription; plan: TranscriptionPlan }> => {
      const transcription = await controller.transcription();
      return { transcription, plan: await transcription.plan(document) };
    }, [controller, document]),
  );
  const ready = loaded.status === 'ready' ? loaded.value : undefined;
  const models = ready?.plan.models ?? [];
  const modelId = chosenModel ?? models[0]?.id;
  const start = (): void => {
    if (ready && modelId)
      void ready.transcription.start(document, modelId, language === HEARD ? undefined : language);
    onClose();
  };
  return (
    <Dialog
      title="Write down what is said?"
      description={`The words in “${document.name}” are recognized on this device; no sound leaves it. They can then be searched and cited like any others, with the second at which they are said. Recognition makes mistakes: the recording plays beside its text.`}
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" icon={<AudioLines />} disabled={modelId === undefined} onClick={start}>
            Write it down
          </Button>
        </>
      }
    >
      {loaded.status === 'failed' ? <ErrorCard error={loaded.error} /> : null}
      {ready && modelId === undefined ? (
        <p>
          This needs a speech model, and none is on this device yet. Get “Whisper tiny” or “Whisper base”
          under Models (task: speech), then come back.
        </p>
      ) : null}
      {ready && modelId ? (
        <div className={styles.body}>
          {models.length > 1 ? (
            <Select
              label="Model"
              value={modelId}
              onChange={setChosenModel}
              options={models.map(({ id, label }) => ({ value: id, label }))}
            />
          ) : null}
          <LanguageChoice
            transcription={ready.transcription}
            modelId={modelId}
            value={language}
            onChange={setLanguage}
          />
          <FactList facts={factsOf(ready.plan, modelId)} />
        </div>
      ) : null}
    </Dialog>
  );
}

/** Opens the dialog. */
export function TranscribeButton({
  controller,
  document,
  label = 'Write down…',
}: Omit<TranscriptionDialogProps, 'onClose'> & { readonly label?: string }) {
  const [asked, setAsked] = useState<DocumentRecord>();
  return (
    <>
      <Button size="small" icon={<AudioLines />} onClick={() => setAsked(document)}>
        {label}
      </Button>
      {asked ? (
        <TranscriptionDialog controller={controller} document={asked} onClose={() => setAsked(undefined)} />
      ) : null}
    </>
  );
}
