/** Hands the user a text file. */
export function downloadText(name: string, text: string): void {
  const type = name.endsWith('.json') ? 'application/json' : 'text/markdown';
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  // The browser has read the address by the next task; revoking it now would cancel some downloads.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
