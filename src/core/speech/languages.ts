/** The model hears the language itself. */
export const HEARD = '';

/** By their names in the user's own language, in its order. */
export function languageOptions(
  tags: readonly string[],
): readonly { readonly value: string; readonly label: string }[] {
  const names = new Intl.DisplayNames(undefined, { type: 'language', fallback: 'code' });
  const nameOf = (tag: string): string => {
    try {
      return names.of(tag) ?? tag;
    } catch {
      return tag; // a model may have tags of its own
    }
  };
  const known = tags.map((tag) => ({ value: tag, label: nameOf(tag) }));
  return [
    { value: HEARD, label: 'Let the model hear it' },
    ...known.sort((a, b) => a.label.localeCompare(b.label)),
  ];
}
