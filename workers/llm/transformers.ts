// A chunk of its own, named after this file: the service worker keeps it apart from the shell.
import { createTransformersChatEngine } from '#adapters/engine-transformers/index.ts';
import { openStoredFile } from '#adapters/model-store-opfs/index.ts';
import type { ChatEngine } from '#core/ports/chat-engine.ts';

export const createEngine = (): ChatEngine =>
  createTransformersChatEngine({
    openFile: openStoredFile,
    onBroken: (error) => {
      // The page's handle hears an uncaught error and starts a fresh worker at the next call; close() would be silent.
      throw error;
    },
  });
