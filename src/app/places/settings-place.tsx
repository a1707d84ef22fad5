import { useLocation } from 'wouter';
import { useStore } from 'zustand';
import {
  type AddedServer,
  type EmbedderChoice,
  parseSection,
  SettingsScreen,
} from '#features/settings/index.ts';
import type { Command } from '#shared/command.ts';
import { isLoopback } from '#shared/egress.ts';
import { readPolicy } from '../read-policy.ts';
import type { Services } from '../services.ts';

export interface SettingsPlaceProps {
  readonly services: Services;
  readonly section: string | undefined;
  readonly commands: () => readonly Command[];
}

function useEmbedders(
  { shelf }: Services,
  wanted: 'embed-text' | 'embed-image-text',
): readonly EmbedderChoice[] {
  const { stored, catalog } = useStore(shelf.store);
  const here = new Set(stored.filter(({ isComplete }) => isComplete).map(({ modelId }) => modelId));
  return catalog
    .filter(({ id, task }) => task === wanted && here.has(id))
    .map(({ id, label, summary }) => ({ id, label, description: summary }));
}

function useServers({ shelf }: Services): readonly AddedServer[] {
  const { added } = useStore(shelf.store);
  return added.flatMap(({ id, label, engine, baseUrl = '' }) =>
    engine === 'openai' ? [{ id, label, address: baseUrl, leavesDevice: !isLoopback(new URL(baseUrl)) }] : [],
  );
}

export function SettingsPlace({ services, section, commands }: SettingsPlaceProps) {
  const [, navigate] = useLocation();
  const { chosenEmbedderId, chosenImageEmbedderId } = useStore(services.shelf.store);
  return (
    <SettingsScreen
      controller={services.settings}
      section={parseSection(section)}
      onSectionChange={(next) => navigate(next ? `/settings/${next}` : '/settings')}
      embedders={useEmbedders(services, 'embed-text')}
      embedderId={chosenEmbedderId}
      onEmbedderChange={(id) => void services.models.setEmbedder(id)}
      imageEmbedders={useEmbedders(services, 'embed-image-text')}
      imageEmbedderId={chosenImageEmbedderId}
      onImageEmbedderChange={(id) => void services.models.setImageEmbedder(id)}
      onGetEmbedder={() => navigate('/models')}
      onOpenModels={() => navigate('/models')}
      commands={commands()}
      egress={services.egress}
      servers={useServers(services)}
      readPolicy={readPolicy}
      version={import.meta.env.VITE_APP_VERSION}
    />
  );
}
