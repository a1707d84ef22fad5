import type { ReactNode } from 'react';
import { formatNumber } from '#ui/format.ts';
import { Slider } from '#ui/slider.tsx';
import { Tabs } from '#ui/tabs.tsx';
import styles from '../images.module.css';
import type { ImagesController } from '../images-controller.ts';
import { type ImagesState, type ImagesView, isEmptyQuery } from '../images-state.ts';
import { FilterBar } from './filter-bar.tsx';

const TABS: readonly { readonly value: ImagesView; readonly label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'albums', label: 'Albums' },
  { value: 'map', label: 'Map' },
  { value: 'duplicates', label: 'Duplicates' },
  { value: 'captions', label: 'Captions' },
];

const pictures = (n: number): string => (n === 1 ? '1 picture' : `${formatNumber(n)} pictures`);

/** What is on screen, and how much of it is not found yet. */
function inWords({ query, search, images }: ImagesState, shownCount: number): string {
  const waiting = images.filter(({ status }) => status === 'queued').length;
  const notYet = waiting > 0 ? ` · not yet indexed: ${formatNumber(waiting)}` : '';
  if (isEmptyQuery(query) || search.response === undefined) return `${pictures(shownCount)}${notYet}`;
  const count = search.hasMore ? search.response.searched : shownCount;
  return `${pictures(count)}, most similar first${notYet}`;
}

/** Below the toolbar: how the pictures are looked at, how many they are, words against picture, filters. */
export function ViewBar({
  controller,
  state,
  shownCount,
  beside,
}: {
  readonly controller: ImagesController;
  readonly state: ImagesState;
  readonly shownCount: number;
  readonly beside: ReactNode;
}) {
  const { query, view, search } = state;
  const hasBoth = query.picture !== undefined && query.words.trim() !== '';
  return (
    <div className={styles.bar}>
      <Tabs
        value={view}
        onChange={(next) => controller.show(next as ImagesView)}
        tabs={TABS}
        label="Ways to look at the pictures"
      />
      {view === 'all' ? (
        <p className={styles.count} role="status" data-testid="picture-count" data-search={search.status}>
          {inWords(state, shownCount)}
        </p>
      ) : null}
      {view === 'all' ? beside : null}
      <div className={styles.barEnd}>
        {hasBoth && view === 'all' ? (
          <div className={styles.balance}>
            <Slider
              label="Words or picture"
              min={0}
              max={1}
              step={0.05}
              value={query.balance}
              onChange={(balance) => void controller.setBalance(balance)}
              format={(balance) => `${Math.round((1 - balance) * 100)} : ${Math.round(balance * 100)}`}
            />
          </div>
        ) : null}
        {view === 'all' ? <FilterBar controller={controller} state={state} /> : null}
      </div>
    </div>
  );
}
