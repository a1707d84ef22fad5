import { chatCommands } from '#features/chat/index.ts';
import type { ImagesController } from '#features/images/index.ts';
import { jobsCommands } from '#features/jobs/index.ts';
import { modelsCommands } from '#features/models/index.ts';
import { libraryCommands } from '#features/rag/index.ts';
import { settingsCommands } from '#features/settings/index.ts';
import type { Command } from '#shared/command.ts';
import { downloadText } from './download-text.ts';
import { threadPath } from './paths.ts';
import type { Services } from './services.ts';

export interface CommandActions {
  readonly navigate: (path: string) => void;
  readonly openPalette: () => void;
  readonly openHelp: () => void;
}

/** One list for the palette, the menus and the keyboard. */
export function appCommands(services: Services, actions: CommandActions): readonly Command[] {
  const { navigate } = actions;
  const place = (id: string, label: string, path: string, keys: string): Command => ({
    id: `view.${id}`,
    label,
    group: 'View',
    keys,
    perform: () => navigate(path),
  });
  // Their code is fetched when they are wanted.
  const picture = (id: string, label: string, act: (controller: ImagesController) => unknown): Command => ({
    id: `pictures.${id}`,
    label,
    group: 'Pictures',
    perform: async () => {
      navigate('/pictures');
      await act((await services.images()).controller);
    },
  });
  return [
    ...chatCommands(services.chat, {
      onOpenThread: (id) => navigate(threadPath(id)),
      onDownload: downloadText,
    }),
    ...libraryCommands(services.library, () => navigate('/library')),
    picture('search', 'Search pictures', (controller) => controller.focusSearch()),
    picture('samples', 'Add the sample pictures', (controller) => controller.addSamples()),
    ...modelsCommands(services.models, () => navigate('/models')),
    place('chat', 'Chat', '/chat', 'mod+1'),
    place('library', 'Library', '/library', 'mod+2'),
    place('pictures', 'Pictures', '/pictures', 'mod+3'),
    place('models', 'Models', '/models', 'mod+4'),
    place('evals', 'Evaluate retrieval', '/evals', 'mod+5'),
    ...settingsCommands(services.settings, (section) =>
      navigate(section ? `/settings/${section}` : '/settings'),
    ),
    ...jobsCommands(services.jobList),
    { id: 'view.palette', label: 'Commands', group: 'View', keys: 'mod+k', perform: actions.openPalette },
    { id: 'view.keys', label: 'Keyboard shortcuts', group: 'View', keys: '?', perform: actions.openHelp },
    ...services.chat.store.getState().threads.map(
      ({ id, title }): Command => ({
        id: `thread.${id}`,
        label: title,
        group: 'Chats',
        perform: () => navigate(threadPath(id)),
      }),
    ),
  ];
}
