import { ListFilter, X } from 'lucide-react';
import { useMemo } from 'react';
import type { PictureFilter } from '#core/ports/pictures.ts';
import { Button } from '#ui/button.tsx';
import { formatNumber } from '#ui/format.ts';
import { Popover } from '#ui/popover.tsx';
import { Select } from '#ui/select.tsx';
import { TextField } from '#ui/text-field.tsx';
import type { ImagesController } from '../images-controller.ts';
import type { ImagesState } from '../images-state.ts';
import { dayOf, startOfDay, startOfNextDay } from '../picture-dates.ts';
import { foldersOf } from '../picture-names.ts';
import styles from './filter-bar.module.css';

const SIZES: readonly { readonly side: number; readonly label: string }[] = [
  { side: 256, label: '256 pixels at least' },
  { side: 720, label: '720 pixels at least' },
  { side: 1080, label: '1080 pixels at least' },
  { side: 2160, label: '2160 pixels at least' },
];

type Part = 'dates' | 'minSide' | 'folder' | 'tag' | 'within';

function without(filter: PictureFilter, part: Part): PictureFilter {
  const { from: _, before: __, ...noDates } = filter;
  if (part === 'dates') return noDates;
  const { [part]: ___, ...rest } = filter;
  return rest;
}

/** Each filter that is on, in words. */
function chipsOf({
  from,
  before,
  minSide,
  folder,
  tag,
  within,
}: PictureFilter): readonly (readonly [Part, string])[] {
  const dates = [
    from === undefined ? '' : `from ${dayOf(from)}`,
    before === undefined ? '' : `to ${dayOf(before - 1)}`,
  ];
  return [
    ...(from === undefined && before === undefined
      ? []
      : [['dates', dates.filter(Boolean).join(' ')] as const]),
    ...(minSide === undefined ? [] : [['minSide', `≥ ${minSide} px`] as const]),
    ...(folder === undefined ? [] : [['folder', `in ${folder}`] as const]),
    ...(tag === undefined ? [] : [['tag', `tag ${tag}`] as const]),
    ...(within === undefined ? [] : [['within', `among ${formatNumber(within.length)} chosen`] as const]),
  ];
}

interface FilterProps {
  readonly controller: ImagesController;
  readonly state: ImagesState;
}

function Fields({ controller, state }: FilterProps) {
  const { images, filter } = state;
  const folders = useMemo(() => foldersOf(images.map(({ name }) => name)), [images]);
  const tags = useMemo(
    () => [...new Set(images.flatMap((image) => image.tags))].sort((a, b) => a.localeCompare(b)),
    [images],
  );
  const set = (part: Part, value: Partial<PictureFilter>): void =>
    void controller.setFilter({ ...without(filter, part), ...value });
  const { from, before } = filter;
  const setDates = (dates: Partial<PictureFilter>): void =>
    set('dates', {
      ...(from === undefined ? {} : { from }),
      ...(before === undefined ? {} : { before }),
      ...dates,
    });
  const dropDate = (part: 'from' | 'before'): void => {
    const { [part]: _, ...rest } = filter;
    void controller.setFilter(rest);
  };
  const choices = (all: string, values: readonly string[]) => [
    { value: '', label: all },
    ...values.map((value) => ({ value, label: value })),
  ];
  return (
    <div className={styles.fields}>
      <TextField
        type="date"
        label="Taken from"
        value={from === undefined ? '' : dayOf(from)}
        onChange={({ target: { value } }) =>
          value === '' ? dropDate('from') : setDates({ from: startOfDay(value) })
        }
      />
      <TextField
        type="date"
        label="to"
        value={before === undefined ? '' : dayOf(before - 1)}
        onChange={({ target: { value } }) =>
          value === '' ? dropDate('before') : setDates({ before: startOfNextDay(value) })
        }
      />
      <Select
        label="Shorter side"
        value={String(filter.minSide ?? '')}
        onChange={(side) => set('minSide', side === '' ? {} : { minSide: Number(side) })}
        options={[
          { value: '', label: 'Any size' },
          ...SIZES.map(({ side, label }) => ({ value: String(side), label })),
        ]}
      />
      <Select
        label="Folder"
        value={filter.folder ?? ''}
        onChange={(folder) => set('folder', folder === '' ? {} : { folder })}
        options={choices('All folders', folders)}
      />
      <Select
        label="Tag"
        value={filter.tag ?? ''}
        onChange={(tag) => set('tag', tag === '' ? {} : { tag })}
        options={choices('Any tag, or none', tags)}
      />
    </div>
  );
}

/** Date, size, folder and tag; what is on stands beside it as chips that take it off again. */
export function FilterBar({ controller, state }: FilterProps) {
  const chips = chipsOf(state.filter);
  return (
    <div className={styles.filters}>
      {chips.map(([part, label]) => (
        <button
          key={part}
          type="button"
          className={styles.chip}
          aria-label={`Remove the filter: ${label}`}
          onClick={() => void controller.setFilter(without(state.filter, part))}
        >
          {label}
          <X aria-hidden />
        </button>
      ))}
      <Popover
        label="Filter pictures"
        trigger={
          <Button size="small" variant="quiet" icon={<ListFilter />}>
            Filter
          </Button>
        }
      >
        <Fields controller={controller} state={state} />
      </Popover>
    </div>
  );
}
