import { useEffect, useState } from 'react';
import { type StorageSegment, storageSegments } from '#core/models/index.ts';
import { Button } from '#ui/button.tsx';
import { formatBytes } from '#ui/format.ts';
import { knownModels } from '../model-shelf.ts';
import type { ModelsController } from '../models-controller.ts';
import type { ModelsState } from '../models-state.ts';
import styles from './storage-bar.module.css';

function segmentsOf({ stored, added, catalog, storage }: ModelsState): readonly StorageSegment[] {
  if (storage === undefined) return [];
  const known = knownModels(added, catalog);
  const sizes = stored.map(({ modelId, storedBytes }) => ({
    id: modelId,
    label: known.get(modelId)?.label ?? modelId,
    bytes: storedBytes,
  }));
  return storageSegments(sizes, storage);
}

/** What takes the space of this page in this browser: a bar to look at and a table to read. */
export function StorageBar({
  controller,
  state,
}: {
  readonly controller: ModelsController;
  readonly state: ModelsState;
}) {
  const [pointed, setPointed] = useState<string>();
  // Documents came and went while another screen was open.
  useEffect(() => void controller.readStorage(), [controller]);
  const segments = segmentsOf(state);
  const used = segments.filter(({ kind }) => kind !== 'free');
  const usedBytes = used.reduce((sum, { bytes }) => sum + bytes, 0);
  const free = segments.find(({ kind }) => kind === 'free');
  const whole = usedBytes + (free?.bytes ?? 0);
  if (state.storage === undefined)
    return <p className={styles.note}>This browser does not say how full it is.</p>;
  return (
    <div className={styles.storage}>
      <p className={styles.note}>
        {formatBytes(usedBytes)} used{free ? `, ${formatBytes(free.bytes)} free for this page` : ''}
      </p>
      <div className={styles.bar} aria-hidden>
        {segments.map(({ id, kind, label, bytes }) => (
          <div
            key={`${kind} ${id}`}
            className={styles.segment}
            data-kind={kind}
            data-pointed={pointed === id || undefined}
            title={`${label}: ${formatBytes(bytes)}`}
            style={{ flexGrow: whole > 0 ? bytes / whole : 0 }}
            onPointerEnter={() => setPointed(id)}
            onPointerLeave={() => setPointed(undefined)}
          />
        ))}
      </div>
      <table className={styles.table} aria-label="What takes the space">
        <tbody>
          {segments.map(({ id, kind, label, bytes }) => (
            <tr
              key={`${kind} ${id}`}
              data-pointed={pointed === id || undefined}
              onPointerEnter={() => setPointed(id)}
              onPointerLeave={() => setPointed(undefined)}
            >
              <th scope="row">
                <span className={styles.key} data-kind={kind} />
                {label}
              </th>
              <td>{formatBytes(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {state.storage.isPersisted ? (
        <p className={styles.note}>The browser keeps all of this until you delete it.</p>
      ) : (
        <div className={styles.persist}>
          <p className={styles.note}>The browser may clear this when the disk runs full.</p>
          <Button size="small" onClick={() => void controller.persist()}>
            Ask it to keep it
          </Button>
        </div>
      )}
    </div>
  );
}
