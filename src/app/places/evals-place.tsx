import { useLocation } from 'wouter';
import { loadWordings } from '#core/chat/index.ts';
import { createEvalsController, type EvalsController, EvalsScreen } from '#features/evals/index.ts';
import { AppError } from '#shared/errors.ts';
import { downloadText } from '../download-text.ts';
import type { Services } from '../services.ts';

/** Made when the screen is first opened, kept while the tab lives: a run goes on while another screen is shown. */
const controllers = new WeakMap<Services, EvalsController>();

function controllerOf(services: Services): EvalsController {
  const known = controllers.get(services);
  if (known) return known;
  const { repositories, libraryWorker, jobs, shelf, engineRoom } = services;
  const made = createEvalsController({
    repositories,
    library: libraryWorker,
    jobs,
    embedder: shelf.embedder,
    reranker: shelf.reranker,
    async wordings(question, kind, options) {
      const { model, loaded } = await engineRoom.whenReady(options);
      if (loaded.runsOn === 'remote')
        throw new AppError(
          'input/unsupported',
          'The chat model runs on a server, and the questions of a set stay on this device. Load a model of this device.',
        );
      const aids = kind === 'variants' ? { variants: true } : { hypothetical: true };
      const signal = options.signal ?? new AbortController().signal;
      const write = await loadWordings();
      const { engine } = engineRoom;
      const written = await write({ engine, modelId: model.id, aids, before: [], question, signal });
      const also = written.map(({ text }) => ({
        text,
        kind: kind === 'hypothetical' ? ('passage' as const) : ('query' as const),
      }));
      return { also, modelId: model.id };
    },
    download: downloadText,
  });
  controllers.set(services, made);
  return made;
}

export function EvalsPlace({ services }: { readonly services: Services }) {
  const [, navigate] = useLocation();
  return <EvalsScreen controller={controllerOf(services)} onGetEmbedder={() => navigate('/models')} />;
}
