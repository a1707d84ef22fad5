import { Search } from 'lucide-react';
import type { RefObject } from 'react';
import styles from './search-field.module.css';

export interface SearchFieldProps {
  readonly label: string;
  readonly placeholder: string;
  /** What can be written here beyond words. */
  readonly title?: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Enter. */
  readonly onSubmit?: () => void;
  readonly inputRef?: RefObject<HTMLInputElement | null>;
}

/** A search box: in a toolbar it takes the room that is left, at its end. */
export function SearchField(props: SearchFieldProps) {
  const { label, placeholder, title, value, onChange, onSubmit, inputRef } = props;
  return (
    <search className={styles.search}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit?.();
        }}
      >
        <Search aria-hidden />
        <input
          ref={inputRef}
          type="search"
          aria-label={label}
          placeholder={placeholder}
          title={title}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </form>
    </search>
  );
}
