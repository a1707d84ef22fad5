import { GraduationCap, X } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from '#ui/button.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import type { ImagesController } from '../images-controller.ts';
import styles from './picture-inspector.module.css';

export interface PictureTagsProps {
  readonly ids: readonly string[];
  readonly tags: readonly string[];
  /** Tags of all pictures, to choose from while typing. */
  readonly known: readonly string[];
  readonly controller: ImagesController;
}

/** The user's own words for one picture or several. */
export function PictureTags({ ids, tags, known, controller }: PictureTagsProps) {
  const [text, setText] = useState('');
  const listId = useId();
  const add = (): void => {
    void controller.addTag(ids, text);
    setText('');
  };
  return (
    <section className={styles.section} aria-label="Tags">
      <h3>Tags</h3>
      <ul className={styles.tags}>
        {tags.map((tag) => (
          <li key={tag}>
            <span>{tag}</span>
            <IconButton
              label={`Teach “${tag}” to find more`}
              icon={<GraduationCap />}
              onClick={() => controller.teach(tag)}
            />
            <IconButton
              label={`Remove the tag ${tag}`}
              icon={<X />}
              onClick={() => void controller.removeTag(ids, tag)}
            />
          </li>
        ))}
      </ul>
      <form
        className={styles.addTag}
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <input
          type="text"
          aria-label="New tag"
          placeholder="Add a tag"
          list={listId}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <datalist id={listId}>
          {known.map((tag) => (
            <option key={tag} value={tag} />
          ))}
        </datalist>
        <Button size="small" type="submit" disabled={text.trim() === ''}>
          Add
        </Button>
      </form>
    </section>
  );
}
