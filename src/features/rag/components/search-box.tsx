import { useEffect, useRef, useState } from 'react';
import { SearchField } from '#ui/search-field.tsx';
import type { LibraryController } from '../library-controller.ts';
import type { LibraryState } from '../library-state.ts';

const SEARCH_AFTER_MS = 250;

/** Searches while one types; says what is searched when a term was taken out elsewhere. */
export function SearchBox({
  controller,
  state,
}: {
  readonly controller: LibraryController;
  readonly state: LibraryState;
}) {
  const { search, searchFocusCount } = state;
  const [text, setText] = useState(search.query);
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sent = useRef(search.query);
  useEffect(() => {
    // A term was taken out by its chip: the box says what is searched.
    if (search.query !== sent.current) setText(search.query);
    sent.current = search.query;
  }, [search.query]);
  useEffect(() => {
    if (searchFocusCount > 0) input.current?.focus();
  }, [searchFocusCount]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const run = (query: string): void => {
    sent.current = query;
    void controller.search(query);
  };
  const submit = (): void => {
    clearTimeout(timer.current);
    run(text);
  };
  return (
    <SearchField
      label="Search the library"
      placeholder="Search passages"
      title={'"exact words", type:pdf, in:name, after:2025-01-31, before:2026'}
      value={text}
      onChange={(next) => {
        setText(next);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => run(next), next === '' ? 0 : SEARCH_AFTER_MS);
      }}
      onSubmit={submit}
      inputRef={input}
    />
  );
}
