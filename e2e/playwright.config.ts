import { resolve } from 'node:path';
import { defineConfig } from '@playwright/test';
import { CHROMIUM_FLAGS, chromiumHere, SOFTWARE_GPU_FLAGS } from '../scripts/find-chromium.mjs';

const chromium = chromiumHere();
const port = Number(process.env.BENCHTOP_E2E_PORT ?? 4870);

export default defineConfig({
  testDir: './specs',
  outputDir: '../test-results',
  // Two cores, and every test runs a real model on them: one at a time.
  workers: 1,
  fullyParallel: false,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: [
    ['list'],
    ['json', { outputFile: process.env.BENCHTOP_E2E_REPORT ?? '../test-results/e2e.json' }],
  ],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1440, height: 900 },
    trace: 'off',
    screenshot: 'off',
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [...CHROMIUM_FLAGS, ...SOFTWARE_GPU_FLAGS],
    },
  },
  webServer: {
    command: `node scripts/serve.mjs --port ${port}`,
    cwd: resolve(import.meta.dirname, '..'),
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: false,
  },
});
