import type { Command } from '#shared/command.ts';
import type { LibraryController } from './library-controller.ts';

/** What can be done with the library from anywhere. `show` brings its screen to the front. */
export function libraryCommands(controller: LibraryController, show: () => void): readonly Command[] {
  const shown = (perform: () => void | Promise<void>) => (): void | Promise<void> => {
    show();
    return perform();
  };
  return [
    {
      id: 'library.search',
      label: 'Search the library',
      group: 'Library',
      keys: 'mod+shift+f',
      perform: shown(() => controller.focusSearch()),
    },
    {
      id: 'library.samples',
      label: 'Add the sample library',
      group: 'Library',
      perform: shown(() => controller.addSamples()),
    },
    {
      id: 'library.new-collection',
      label: 'New collection',
      group: 'Library',
      perform: shown(async () => {
        await controller.createCollection('New collection');
      }),
    },
    {
      id: 'library.read-again',
      label: 'Re-index documents with the chosen embedding model',
      group: 'Library',
      isAvailable: () => controller.store.getState().stale !== undefined,
      perform: shown(() => controller.readAgain()),
    },
    {
      id: 'library.index-waiting',
      label: 'Index documents that wait',
      group: 'Library',
      isAvailable: () =>
        controller.store.getState().documents.some(({ status }) => status !== 'ready' && status !== 'failed'),
      perform: shown(() => controller.indexWaiting()),
    },
  ];
}
