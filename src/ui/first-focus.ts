const FOCUSABLE = 'input, select, textarea, button, a[href], [tabindex="0"]';

/**
 * Where the focus goes when a dialog opens: the first thing to do in it, never its Close button, whose tooltip would
 * take the first Escape. Parts to look in carry `data-focus-first`; of a head of their own (`except`) they are looked in
 * without it. Without anything to do it is the dialog itself.
 */
export function firstFocus(popup: HTMLElement | null, except?: string): HTMLElement | null {
  const candidates = [...(popup?.querySelectorAll<HTMLElement>('[data-focus-first]') ?? [])]
    .flatMap((part) => [...part.querySelectorAll<HTMLElement>(FOCUSABLE)])
    .filter((element) => !element.matches(':disabled') && element.checkVisibility())
    .filter((element) => except === undefined || element.closest(except) === null);
  return candidates[0] ?? popup;
}
