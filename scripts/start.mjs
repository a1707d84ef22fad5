// npm start: builds when something changed, makes sure that the starter models are there, serves, opens a browser.
//   --port 4870   --no-open   --connect https://my-server.example (may be repeated)
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { fetchPack, missingFrom, modelsFolder } from './models.mjs';
import { checkOrigins, startServer } from './serve.mjs';

function openBrowser(url) {
  const hasDesktop = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!hasDesktop || process.env.CI) return;
  const command = { darwin: 'open', win32: 'explorer' }[process.platform] ?? 'xdg-open';
  // No opener is no failure: the address stands in the terminal.
  spawn(command, [url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

async function ensureStarterPack() {
  if (missingFrom('starter').length > 0) console.log('Getting the starter models (136 MB, once) …');
  try {
    await fetchPack('starter');
  } catch (error) {
    console.warn(`\nThe starter models are not complete, Benchtop starts without them:\n${error.message}\n`);
    console.warn(
      `Missing: ${missingFrom('starter').join(', ')}. In the page you can download others or drop a GGUF file.\n`,
    );
  }
}

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4870' },
    open: { type: 'boolean', default: true },
    connect: { type: 'string', multiple: true, default: [] },
  },
  allowNegative: true,
});
const extraConnect = checkOrigins(values.connect);
await build();
await ensureStarterPack();
const server = await startServer({
  root: join(resolve(import.meta.dirname, '..'), 'dist'),
  models: modelsFolder(),
  port: Number(values.port),
  extraConnect,
});
if (server.port !== Number(values.port)) console.log(`Port ${values.port} is taken.`);
console.log(`\nBenchtop: ${server.url}\n(Ctrl+C stops it)`);
if (values.open) openBrowser(server.url);
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => server.close().then(() => process.exit(0)));
