/** Made by vite-plugins/webllm-prebuilt.ts from the installed package. */
declare module 'virtual:webllm-prebuilt' {
  import type { WebllmPrebuiltEntry } from '#core/models/index.ts';

  export const entries: readonly WebllmPrebuiltEntry[];
}
