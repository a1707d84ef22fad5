import { useState } from 'react';
import { presetOf, SAMPLING_PRESETS } from '#core/chat/index.ts';
import type { SamplingSettings } from '#core/ports/chat-engine.ts';
import type { MessageRecord, SourcePassage, ThreadRecord } from '#core/ports/chat-records.ts';
import { Select } from '#ui/select.tsx';
import { Slider } from '#ui/slider.tsx';
import { Tabs } from '#ui/tabs.tsx';
import { TextArea, TextField } from '#ui/text-field.tsx';
import { Figures } from './answer-figures.tsx';
import { placeOf } from './citation.tsx';
import styles from './inspector.module.css';
import { SearchAidsForm } from './search-aids.tsx';

export interface InspectorProps {
  readonly thread: ThreadRecord;
  /** The last answer of the shown path. */
  readonly answer: MessageRecord | undefined;
  readonly passages: readonly SourcePassage[];
  readonly placeLabel: string | undefined;
  readonly onOpenSource: (passage: SourcePassage) => void;
  readonly onConfigure: (
    change: Partial<Pick<ThreadRecord, 'systemPrompt' | 'sampling' | 'searchAids'>>,
  ) => void;
  readonly hasReranker: boolean;
}

export function Inspector(props: InspectorProps) {
  const [tab, setTab] = useState('settings');
  const { passages } = props;
  return (
    <div className={styles.inspector}>
      <Tabs
        label="Inspector"
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'settings', label: 'Settings' },
          { value: 'sources', label: 'Sources', ...(passages.length > 0 ? { count: passages.length } : {}) },
          { value: 'figures', label: 'Figures' },
        ]}
      />
      {tab === 'settings' ? <Settings {...props} /> : null}
      {tab === 'sources' ? <Sources {...props} /> : null}
      {tab === 'figures' ? <LastFigures {...props} /> : null}
    </div>
  );
}

function Sources({ passages, onOpenSource }: InspectorProps) {
  if (passages.length === 0)
    return (
      <p className={styles.text}>
        Switch documents on below the question. The passages that an answer was given from appear here.
      </p>
    );
  return (
    <ol className={styles.sources}>
      {passages.map((passage) => (
        <li key={passage.number}>
          <button type="button" onClick={() => onOpenSource(passage)}>
            <span className={styles.place}>
              [{passage.number}] {placeOf(passage)}
              <span className={styles.score}>
                {passage.denseScore === undefined ? 'words' : passage.denseScore.toFixed(2)}
              </span>
            </span>
            <span className={styles.passage}>{passage.text}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function LastFigures({ answer, placeLabel }: InspectorProps) {
  const usage = answer?.usage;
  if (usage === undefined)
    return (
      <p className={styles.text}>
        The figures of the last answer appear here: speed, tokens, what was reused.
      </p>
    );
  return <Figures usage={usage} origin={placeLabel ? ['Runs on', placeLabel] : undefined} />;
}

function Settings({ thread, hasReranker, onConfigure }: InspectorProps) {
  const { sampling } = thread;
  const preset = presetOf(sampling);
  const set = (change: Partial<typeof sampling>) => onConfigure({ sampling: { ...sampling, ...change } });
  return (
    <div className={styles.settings}>
      <TextArea
        label="System prompt"
        placeholder="How the model should answer in this chat"
        value={thread.systemPrompt}
        onChange={(event) => onConfigure({ systemPrompt: event.target.value })}
      />
      <Select
        label="Style"
        value={preset?.id ?? 'custom'}
        options={[
          ...SAMPLING_PRESETS.map(({ id, label, description }) => ({ value: id, label, description })),
          ...(preset ? [] : [{ value: 'custom', label: 'Custom' }]),
        ]}
        onChange={(id) => {
          const chosen = SAMPLING_PRESETS.find((other) => other.id === id);
          if (chosen) set(chosen.sampling);
        }}
      />
      <Slider
        label="Temperature"
        min={0}
        max={2}
        step={0.05}
        value={sampling.temperature}
        format={(value) => value.toFixed(2)}
        onChange={(temperature) => set({ temperature })}
      />
      <Slider
        label="Top-p"
        min={0.05}
        max={1}
        step={0.01}
        value={sampling.topP}
        format={(value) => value.toFixed(2)}
        onChange={(topP) => set({ topP })}
      />
      <Slider
        label="Top-k"
        min={0}
        max={200}
        step={1}
        value={sampling.topK}
        format={(value) => (value === 0 ? 'off' : String(value))}
        onChange={(topK) => set({ topK })}
      />
      <Slider
        label="Min-p"
        min={0}
        max={0.5}
        step={0.01}
        value={sampling.minP}
        format={(value) => (value === 0 ? 'off' : value.toFixed(2))}
        onChange={(minP) => set({ minP })}
      />
      <Slider
        label="Repetition penalty"
        min={1}
        max={1.5}
        step={0.01}
        value={sampling.repetitionPenalty}
        format={(value) => (value === 1 ? 'off' : value.toFixed(2))}
        onChange={(repetitionPenalty) => set({ repetitionPenalty })}
      />
      <TextField
        label="Longest answer"
        type="number"
        min={0}
        step={64}
        description="In tokens; 0 = up to the end of the context"
        value={sampling.maxTokens}
        onChange={(event) => set({ maxTokens: Math.max(0, Math.round(event.target.valueAsNumber || 0)) })}
      />
      <TextField
        label="Seed"
        type="number"
        step={1}
        placeholder="Another each time"
        description="With the same seed the same question gives the same answer"
        value={sampling.seed ?? ''}
        onChange={(event) => onConfigure({ sampling: withSeed(sampling, event.target.valueAsNumber) })}
      />
      <StopStrings key={thread.id} stop={sampling.stop} onChange={(stop) => set({ stop })} />
      <SearchAidsForm thread={thread} hasReranker={hasReranker} onConfigure={onConfigure} />
    </div>
  );
}

function withSeed({ seed: _, ...rest }: SamplingSettings, seed: number): SamplingSettings {
  return Number.isFinite(seed) ? { ...rest, seed: Math.round(seed) } : rest;
}

interface StopStringsProps {
  readonly stop: readonly string[];
  readonly onChange: (stop: readonly string[]) => void;
}

/** Keeps what is being typed: a comma at the end is the start of the next string, not yet one. */
function StopStrings({ stop, onChange }: StopStringsProps) {
  const [text, setText] = useState(stop.join(', '));
  return (
    <TextField
      label="Stop strings"
      description="Separated by commas: an answer ends before the first of them"
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        onChange(event.target.value.split(/,\s*/).filter(Boolean));
      }}
    />
  );
}
