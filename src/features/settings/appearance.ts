import type { Settings } from './settings.ts';

/** Read by public/appearance.js before the first paint. */
const APPEARANCE_KEY = 'benchtop-appearance';

/** Makes the page look as chosen, now and from the first paint of the next visit on. */
export function applyAppearance({ theme, textSize }: Pick<Settings, 'theme' | 'textSize'>): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
  if (textSize === 'normal') delete dataset.textSize;
  else dataset.textSize = textSize;
  try {
    localStorage.setItem(APPEARANCE_KEY, JSON.stringify({ theme, textSize }));
  } catch {
    // Without a copy the next visit shows the system's look until the settings are read: no reason to fail.
  }
}
