import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { Button } from '#ui/button.tsx';
import { formatNumber } from '#ui/format.ts';
import { Select } from '#ui/select.tsx';
import { Switch } from '#ui/switch.tsx';
import { filterEntries, type ModelEntry, type ModelFilter, valuesOf } from '../model-entries.ts';
import { ENGINES, languageWords, licenceWords, TASKS } from '../model-words.ts';
import styles from '../models.module.css';
import { ModelCard, type ModelCardProps } from './model-card.tsx';

type CardContext = Omit<ModelCardProps, 'entry' | 'role'>;

interface AllModelsProps {
  readonly entries: readonly ModelEntry[];
  readonly filter: ModelFilter;
  readonly onFilter: (change: Partial<ModelFilter>) => void;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly card: CardContext;
}

const nameIn =
  (names: Readonly<Record<string, string>>) =>
  (value: string): string =>
    names[value] ?? value;

function Filters({ entries, filter, onFilter }: Pick<AllModelsProps, 'entries' | 'filter' | 'onFilter'>) {
  const select = (
    key: 'task' | 'engine' | 'licence' | 'language',
    label: string,
    any: string,
    values: readonly string[],
    words: (value: string) => string,
  ) => (
    <Select
      label={label}
      hideLabel
      value={filter[key]}
      onChange={(value) => onFilter({ [key]: value })}
      options={[{ value: '', label: any }, ...values.map((value) => ({ value, label: words(value) }))]}
    />
  );
  return (
    <div className={styles.filters}>
      {select(
        'task',
        'Task',
        'Any task',
        valuesOf(entries, ({ task }) => [task]),
        nameIn(TASKS),
      )}
      {select(
        'engine',
        'Engine',
        'Any engine',
        valuesOf(entries, ({ engine }) => [engine]),
        nameIn(ENGINES),
      )}
      {select(
        'licence',
        'Licence',
        'Any licence',
        valuesOf(entries, ({ licence }) => [licence]),
        licenceWords,
      )}
      {select(
        'language',
        'Language',
        'Any language',
        valuesOf(entries, ({ languages }) => languages),
        languageWords,
      )}
      <Switch
        label="Sees pictures"
        checked={filter.onlySeeing}
        onChange={(onlySeeing) => onFilter({ onlySeeing })}
      />
      <Switch
        label="Fits here"
        checked={filter.onlyFitting}
        onChange={(onlyFitting) => onFilter({ onlyFitting })}
      />
    </div>
  );
}

/** Rows in view only: the WebLLM list alone has more than a hundred models. */
function Rows({
  entries,
  scroller,
  card,
}: Pick<AllModelsProps, 'scroller' | 'card'> & { readonly entries: readonly ModelEntry[] }) {
  const list = useRef<HTMLUListElement>(null);
  const [margin, setMargin] = useState(0);
  // What stands above the list grows and shrinks with downloads and errors.
  useLayoutEffect(() => {
    const content = list.current?.parentElement?.parentElement;
    if (!content) return;
    const measure = (): void => {
      const box = scroller.current;
      if (!list.current || !box) return;
      setMargin(list.current.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(content);
    return () => observer.disconnect();
  }, [scroller]);
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 132,
    gap: 8,
    overscan: 4,
    scrollMargin: margin,
    getItemKey: (index) => entries[index]?.model.id ?? index,
  });
  return (
    <ul ref={list} className={styles.rows} aria-label="All models" style={{ height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map(({ index, key, start }) => {
        const entry = entries[index];
        return entry ? (
          <li
            key={key}
            ref={rows.measureElement}
            data-index={index}
            className={styles.row}
            aria-setsize={entries.length}
            aria-posinset={index + 1}
            style={{ transform: `translateY(${start - margin}px)` }}
          >
            <ModelCard entry={entry} {...card} />
          </li>
        ) : null;
      })}
    </ul>
  );
}

/** Every model that is neither recommended nor here, behind search and filters. */
export function AllModels(props: AllModelsProps) {
  const { entries, filter, onFilter, scroller, card } = props;
  const shown = filterEntries(entries, filter);
  const hidden = filter.onlyFitting
    ? filterEntries(entries, { ...filter, onlyFitting: false }).length - shown.length
    : 0;
  return (
    <section className={styles.section} aria-labelledby="models-all">
      <h2 id="models-all">All others</h2>
      <Filters entries={entries} filter={filter} onFilter={onFilter} />
      <p className={styles.count} role="status">
        {shown.length === 0 ? 'No model matches.' : `${formatNumber(shown.length)} models.`}
        {hidden > 0 ? (
          <>
            {' '}
            {formatNumber(hidden)} more do not fit this machine.{' '}
            <Button size="small" variant="quiet" onClick={() => onFilter({ onlyFitting: false })}>
              Show them
            </Button>
          </>
        ) : null}
      </p>
      <Rows entries={shown} scroller={scroller} card={card} />
    </section>
  );
}
