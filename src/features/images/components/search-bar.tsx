import { Search, X } from 'lucide-react';
import { type DragEvent, useCallback, useEffect, useRef, useState } from 'react';
import { classNames } from '#ui/class-names.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { useBlobUrl } from '#ui/use-blob-url.ts';
import type { ImagesController } from '../images-controller.ts';
import type { ImagesState, QueryPicture } from '../images-state.ts';
import styles from './search-bar.module.css';

export interface SearchBarProps {
  readonly controller: ImagesController;
  readonly state: ImagesState;
  /** Files were let go over the box: they are searched with, not added. */
  readonly onDropHere: () => void;
}

function labelOf(picture: QueryPicture, { images }: ImagesState): string {
  const name =
    'file' in picture
      ? picture.name
      : images
          .find(({ id }) => id === picture.imageId)
          ?.name.split('/')
          .at(-1);
  return `${picture.region ? 'A part of ' : ''}${name ?? 'a picture'}`;
}

/** What of a picture is searched with, as a small copy in the box. */
function PictureChip({
  picture,
  controller,
  state,
}: Omit<SearchBarProps, 'onDropHere'> & { readonly picture: QueryPicture }) {
  const load = useCallback(
    async () => ('file' in picture ? picture.file : controller.thumbnail(picture.imageId)),
    [picture, controller],
  );
  const url = useBlobUrl(load);
  const { region } = picture;
  const label = labelOf(picture, state);
  return (
    <span className={styles.chip} title={label} data-testid="query-picture">
      <span className={styles.chipImage}>
        {url ? (
          <img
            src={url}
            alt={label}
            style={
              region
                ? {
                    width: `${100 / region.width}%`,
                    height: `${100 / region.height}%`,
                    translate: `${-region.x * 100}% ${-region.y * 100}%`,
                  }
                : {}
            }
          />
        ) : null}
      </span>
      <IconButton
        label="Search without the picture"
        icon={<X />}
        className={styles.chipClose ?? ''}
        onClick={() => void controller.withoutPicture()}
      />
    </span>
  );
}

const firstPicture = (files: FileList): File | undefined =>
  [...files].find(({ type }) => type.startsWith('image/'));

/** Words, a picture, or both: searches while one types; a picture is dropped or pasted on it. */
export function SearchBar({ controller, state, onDropHere }: SearchBarProps) {
  const { query, searchFocusCount } = state;
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    if (searchFocusCount > 0) input.current?.focus();
  }, [searchFocusCount]);
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');
  return (
    <search
      className={classNames(styles.search, isOver && styles.isOver)}
      data-testid="picture-search"
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        const file = firstPicture(event.dataTransfer.files);
        setOver(false);
        if (file === undefined) return;
        event.preventDefault();
        onDropHere();
        void controller.searchByFile(file);
      }}
      onPaste={(event) => {
        const file = firstPicture(event.clipboardData.files);
        if (file === undefined) return;
        event.preventDefault();
        event.stopPropagation(); // elsewhere a pasted picture is added
        void controller.searchByFile(file);
      }}
    >
      <Search aria-hidden className={styles.icon} />
      {query.picture ? <PictureChip picture={query.picture} controller={controller} state={state} /> : null}
      <input
        ref={input}
        type="search"
        aria-label="Search pictures"
        placeholder={query.picture ? 'and these words' : 'Words, or drop a picture'}
        title="beach -people: what stands behind a minus is taken away. A picture that is dropped or pasted here is searched with."
        value={query.words}
        onChange={(event) => void controller.setWords(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Backspace' && query.words === '' && query.picture)
            void controller.withoutPicture();
          if (event.key !== 'Escape') return;
          event.preventDefault();
          void controller.clearQuery();
        }}
      />
      {isOver ? <span className={styles.over}>Search with this picture</span> : null}
    </search>
  );
}
