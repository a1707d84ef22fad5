import { entries } from 'virtual:webllm-prebuilt';
import { fromWebllmPrebuilt, parseCatalog } from '#core/models/index.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import catalog from '#models/catalog.json';

/** Every model that is offered: the project's catalog, then WebLLM's own list. */
export const offeredModels: readonly ModelSpec[] = [...parseCatalog(catalog), ...fromWebllmPrebuilt(entries)];
