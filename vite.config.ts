import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { CHROMIUM_FLAGS, chromiumHere, SOFTWARE_GPU_FLAGS } from './scripts/find-chromium.mjs';
import { modelMirror } from './vite-plugins/model-mirror.ts';
import { openAiTestServer } from './vite-plugins/openai-test-server.ts';
import { tesseractInBrowsers } from './vite-plugins/tesseract-in-browsers.ts';
import { webllmPrebuilt } from './vite-plugins/webllm-prebuilt.ts';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

// A developer's own run takes the system's.
const chromium = chromiumHere();
const chromiumFlags = [...CHROMIUM_FLAGS, ...SOFTWARE_GPU_FLAGS];

const BROWSER_TESTS = ['src/**/*.browser.test.{ts,tsx}', 'workers/**/*.browser.test.ts'];
/** Models that compute on every core: two such files at once would take them from each other. */
const ENGINE_TESTS = [
  'src/adapters/engine-{webllm,wllama,transformers}/**/*.browser.test.ts',
  'src/features/chat/whole-document.browser.test.tsx',
  'workers/llm/**/*.browser.test.ts',
];

function browserProject(
  name: string,
  files: TestProjectInlineConfiguration['test'],
): TestProjectInlineConfiguration {
  return {
    extends: true,
    plugins: [openAiTestServer()],
    // Found late, a dependency would make Vite reload the page in the middle of a test.
    optimizeDeps: {
      include: [
        'katex',
        'react-markdown',
        'remark-gfm',
        'remark-math',
        'shiki/core',
        'shiki/engine/javascript',
        'minisearch',
        'axe-core',
        'cmdk',
        'exifr',
        'hash-wasm',
        'fflate',
        'mammoth',
        'mediabunny',
        'papaparse',
        'parse5',
        'postal-mime',
        'pdfjs-dist',
        '@huggingface/tokenizers',
        '@huggingface/transformers',
        '@jax-js/jax',
        '@mlc-ai/web-llm',
        '@wllama/wllama/esm/index.js',
        'onnxruntime-web/webgpu',
        'voy-search/voy_search_bg.js',
        'tesseract.js-core/tesseract-core-lstm.js',
        'tesseract.js-core/tesseract-core-simd-lstm.js',
        '@base-ui/react/dialog',
        '@base-ui/react/menu',
        '@base-ui/react/popover',
        '@base-ui/react/tabs',
        '@base-ui/react/tooltip',
        '@tanstack/react-virtual',
        'idb',
        'lucide-react',
        'fast-check',
        'valibot',
        'wouter',
        'zustand',
        'zustand/vanilla',
      ],
    },
    test: {
      ...files,
      name,
      testTimeout: 120_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({
          // What fades in has, half way, a contrast that axe complains about.
          contextOptions: { reducedMotion: 'reduce' },
          launchOptions: { ...(chromium ? { executablePath: chromium } : {}), args: chromiumFlags },
        }),
        instances: [{ browser: 'chromium' }],
      },
    },
  };
}

export default defineConfig({
  plugins: [react(), modelMirror(), webllmPrebuilt()],
  define: { 'import.meta.env.VITE_APP_VERSION': JSON.stringify(version) },
  server: { headers: isolation },
  worker: { format: 'es', plugins: () => [tesseractInBrowsers()] },
  resolve: {
    alias: {
      // Its version for browsers reads '&amp;' by way of innerHTML, which the page's policy (Trusted Types) refuses.
      'decode-named-character-reference': resolve(
        import.meta.dirname,
        'node_modules/decode-named-character-reference/index.js',
      ),
    },
  },
  build: {
    target: 'es2023',
    manifest: true,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { app: 'index.html', sw: 'workers/service-worker/service-worker.ts' },
      // The service worker's address must never change: a new version is found under the old name.
      output: {
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          // A busy machine is slow, not wrong.
          testTimeout: 60_000,
          maxWorkers: 2,
          include: ['src/**/*.test.ts', 'scripts/**/*.test.mjs'],
          exclude: ['**/*.browser.test.*', '**/node_modules/**'],
        },
      },
      browserProject('browser-engines', { include: ENGINE_TESTS, fileParallelism: false }),
      browserProject('browser', { include: BROWSER_TESTS, exclude: ENGINE_TESTS, maxWorkers: 2 }),
    ],
  },
});
