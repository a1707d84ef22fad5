// Runs before the first paint, so that nobody who chose a dark page sees a light one first. The copy in localStorage is
// written by src/features/settings/appearance.ts; the truth is in the database.
try {
  const { theme, textSize } = JSON.parse(localStorage.getItem('benchtop-appearance')) ?? {};
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  if (textSize === 'large') document.documentElement.dataset.textSize = textSize;
} catch {
  // Unreadable or forbidden: the page looks as the system does.
}
