// Finds a Chromium for the tests: CHROMIUM_PATH, Playwright's, the system's; else installs one.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** How every Chromium of ours is started: it asks for nothing, and talks to nobody but our own servers. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--no-first-run',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** WebGPU without a GPU: slow, but correct. */
export const SOFTWARE_GPU_FLAGS = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** CHROMIUM_PATH or the system's; undefined when there is neither, and Playwright's own is taken. */
export function chromiumHere() {
  return [process.env.CHROMIUM_PATH, ...SYSTEM].find((path) => path && existsSync(path));
}

async function playwrights() {
  const { chromium } = await import('playwright');
  return chromium.executablePath();
}

function quietly(command, args, timeoutMs) {
  try {
    execFileSync(command, args, {
      stdio: 'ignore',
      timeout: timeoutMs,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    return true;
  } catch {
    return false; // the next way is tried; at the end the caller says what to do
  }
}

/** Path of a Chromium; installs one when there is none. Rejects with one sentence that says what to do. */
export async function findChromium({ log = console.log } = {}) {
  const found = async () => chromiumHere() ?? [await playwrights()].find((path) => existsSync(path));
  const here = await found();
  if (here) return here;
  log('No Chromium here: installing one …');
  const ways = [
    () =>
      quietly(
        process.execPath,
        ['node_modules/playwright/cli.js', 'install', 'chromium-headless-shell'],
        180_000,
      ),
    () =>
      process.getuid?.() === 0 &&
      quietly('apt-get', ['update', '-qq'], 180_000) &&
      quietly('apt-get', ['install', '-y', '-qq', 'chromium'], 600_000),
  ];
  // On Debian as root the package is certain; the download is tried first everywhere else.
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) ways.reverse();
  for (const way of ways) {
    way();
    const path = await found();
    if (path) return path;
  }
  throw new Error(
    'The tests need a Chromium: install one (Debian: apt-get install chromium) or set CHROMIUM_PATH to it.',
  );
}
