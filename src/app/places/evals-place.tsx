import { useLocation } from 'wouter';
import { createEvalsController, type EvalsController, EvalsScreen } from '#features/evals/index.ts';
import { downloadText } from '../download-text.ts';
import type { Services } from '../services.ts';

/** Made when the screen is first opened, kept while the tab lives: a run goes on while another screen is shown. */
const controllers = new WeakMap<Services, EvalsController>();

function controllerOf(services: Services): EvalsController {
  const known = controllers.get(services);
  if (known) return known;
  const { repositories, libraryWorker, jobs, shelf } = services;
  const made = createEvalsController({
    repositories,
    library: libraryWorker,
    jobs,
    embedder: shelf.embedder,
    download: downloadText,
  });
  controllers.set(services, made);
  return made;
}

export function EvalsPlace({ services }: { readonly services: Services }) {
  const [, navigate] = useLocation();
  return <EvalsScreen controller={controllerOf(services)} onGetEmbedder={() => navigate('/models')} />;
}
