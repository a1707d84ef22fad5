const FOCUSABLE = 'input, select, textarea, button, a[href], [tabindex="0"]';

/**
 * Where the focus goes when a dialog opens: the first thing to do in it, never its Close button, whose tooltip would
 * take the first Escape. Parts to look in carry `data-focus-first`; without anything to do it is the dialog itself.
 */
export function firstFocus(popup: HTMLElement | null): HTMLElement | null {
  const candidates = [...(popup?.querySelectorAll<HTMLElement>('[data-focus-first]') ?? [])]
    .flatMap((part) => [...part.querySelectorAll<HTMLElement>(FOCUSABLE)])
    .filter((element) => !element.matches(':disabled') && element.checkVisibility());
  return candidates[0] ?? popup;
}
