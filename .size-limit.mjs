// The budget of a first visit: what index.html pulls in before the chat can be used (gzip).
import { existsSync, readFileSync } from 'node:fs';

const MANIFEST = 'dist/.vite/manifest.json';

/** The entry, its static imports, and theirs. Parts that load on demand are not in it. */
function firstLoad() {
  if (!existsSync(MANIFEST)) return ['dist/assets/app-*.js'];
  const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8'));
  const seen = new Set();
  const visit = (key) => {
    if (seen.has(key)) return;
    seen.add(key);
    for (const next of manifest[key].imports ?? []) visit(next);
  };
  visit('index.html');
  return [...seen].map((key) => `dist/${manifest[key].file}`);
}

export default [{ name: 'first load, JavaScript', path: firstLoad(), limit: '130 kB', gzip: true }];
