import { useEffect, useState } from 'react';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatBytes } from '#ui/format.ts';
import { Meter, type MeterSegment } from '#ui/meter.tsx';
import styles from '../settings.module.css';
import type { SettingsController } from '../settings-controller.ts';
import type { SettingsState, StorageReport } from '../settings-state.ts';
import { DeleteEverything } from './delete-everything.tsx';
import { Section } from './section.tsx';

const TONES: Readonly<Record<StorageReport['segments'][number]['kind'], MeterSegment['tone']>> = {
  model: 'accent',
  documents: 'local',
  pictures: 'local',
  other: 'faint',
  free: 'faint',
};

function Space({ storage }: { readonly storage: StorageReport }) {
  const used = storage.segments.filter(({ kind }) => kind !== 'free');
  const free = storage.segments.find(({ kind }) => kind === 'free');
  const usedBytes = used.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <>
      <Meter
        label="Space used"
        value={usedBytes}
        max={storage.quotaBytes ?? usedBytes + (free?.bytes ?? 0)}
        segments={used.map(({ kind, id, label, bytes }) => ({
          id: `${kind}-${id}`,
          label: `${label}: ${formatBytes(bytes)}`,
          value: bytes,
          tone: TONES[kind] ?? 'accent',
        }))}
      />
      <dl className={styles.sizes}>
        {used.map(({ kind, id, label, bytes }) => (
          <div key={`${kind}-${id}`} data-tone={TONES[kind]}>
            <dt>{label}</dt>
            <dd>{formatBytes(bytes)}</dd>
          </div>
        ))}
        {free ? (
          <div data-tone="free">
            <dt>{free.label}</dt>
            <dd>{formatBytes(free.bytes)}</dd>
          </div>
        ) : null}
      </dl>
    </>
  );
}

export interface StoragePageProps {
  readonly controller: SettingsController;
  readonly state: SettingsState;
  readonly onOpenModels?: () => void;
}

export function StoragePage({ controller, state, onOpenModels }: StoragePageProps) {
  const { storage, storageError, isPersistRefused } = state;
  const [isDeleting, setDeleting] = useState(false);
  useEffect(() => void controller.readStorage(), [controller]);
  return (
    <>
      <Section
        title="Storage"
        isTitleHidden
        text="What takes the space of this browser. Models are the largest part."
      >
        {storageError ? (
          <ErrorCard
            error={storageError}
            actions={
              <Button size="small" onClick={() => void controller.readStorage()}>
                Try again
              </Button>
            }
          />
        ) : null}
        {storage ? <Space storage={storage} /> : null}
        {onOpenModels ? (
          <div className={styles.actions}>
            <Button onClick={onOpenModels}>Show models</Button>
          </div>
        ) : null}
      </Section>
      {storage ? (
        <Section
          title="Kept for good"
          text={
            storage.isPersisted
              ? 'The browser has promised not to clear this page’s data when the disk gets full.'
              : 'The browser may clear models and documents when the disk gets full. It can be asked to keep them.'
          }
        >
          {storage.isPersisted ? null : (
            <div className={styles.actions}>
              <Button onClick={() => void controller.persistStorage()}>Ask the browser to keep them</Button>
            </div>
          )}
          {isPersistRefused && !storage.isPersisted ? (
            <p className={styles.note} role="status">
              The browser said no. Most say yes once the page is bookmarked, installed or used often.
            </p>
          ) : null}
        </Section>
      ) : null}
      <Section
        title="Delete everything"
        text="Chats, documents, models and settings of this browser, as if Benchtop had never been opened here. It cannot be undone."
      >
        <div className={styles.actions}>
          <Button variant="danger" onClick={() => setDeleting(true)}>
            Delete everything…
          </Button>
        </div>
        {isDeleting ? (
          <DeleteEverything controller={controller} state={state} onClose={() => setDeleting(false)} />
        ) : null}
      </Section>
    </>
  );
}
