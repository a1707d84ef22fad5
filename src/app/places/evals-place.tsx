import { useLocation } from 'wouter';
import { loadDraft, loadWordings } from '#core/chat/index.ts';
import type { EngineRoom } from '#core/ports/engine-room.ts';
import { createEvalsController, type EvalsController, EvalsScreen } from '#features/evals/index.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { downloadText } from '../download-text.ts';
import { notify } from '../notify.ts';
import type { Services } from '../services.ts';

/** Made when the screen is first opened, kept while the tab lives: a run goes on while another screen is shown. */
const controllers = new WeakMap<Services, EvalsController>();

/** The loaded chat model, or the last one that was; one on a server is refused. */
async function localModel({ engine, whenReady }: EngineRoom, options: CallOptions) {
  const { model, loaded } = await whenReady(options);
  if (loaded.runsOn === 'remote')
    throw new AppError(
      'input/unsupported',
      'The chat model runs on a server, and what is evaluated stays on this device. Load a model of this device.',
    );
  return { engine, modelId: model.id, signal: options.signal ?? new AbortController().signal };
}

function controllerOf(services: Services): EvalsController {
  const known = controllers.get(services);
  if (known) return known;
  const { repositories, libraryWorker, jobs, shelf, engineRoom } = services;
  const made = createEvalsController({
    repositories,
    library: libraryWorker,
    jobs,
    async embedder() {
      await shelf.ready; // not looked at yet is not missing
      return shelf.embedder();
    },
    async reranker() {
      await shelf.ready;
      return shelf.reranker();
    },
    onModels: shelf.store.subscribe,
    async wordings(question, kind, options) {
      const task = await localModel(engineRoom, options);
      const aids = kind === 'variants' ? { variants: true } : { hypothetical: true };
      const written = await (await loadWordings())({ ...task, aids, before: [], question });
      const also = written.map(({ text }) => ({
        text,
        kind: kind === 'hypothetical' ? ('passage' as const) : ('query' as const),
      }));
      return { also, modelId: task.modelId };
    },
    async draftQuestion(passage, options) {
      return (await loadDraft())(await localModel(engineRoom, options), passage);
    },
    notify,
    download: downloadText,
  });
  controllers.set(services, made);
  return made;
}

export function EvalsPlace({ services }: { readonly services: Services }) {
  const [, navigate] = useLocation();
  return <EvalsScreen controller={controllerOf(services)} onGetEmbedder={() => navigate('/models')} />;
}
