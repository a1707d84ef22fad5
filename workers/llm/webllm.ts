// A chunk of its own, named after this file: the service worker keeps it apart from the shell.
import { createWebllmEngine } from '#adapters/engine-webllm/index.ts';
import { openStoredFile } from '#adapters/model-store-opfs/index.ts';
import type { ChatEngine } from '#core/ports/chat-engine.ts';

export const createEngine = (): ChatEngine => createWebllmEngine({ openFile: openStoredFile });
