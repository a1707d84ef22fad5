import type { Command } from '#shared/command.ts';
import type { ModelsController } from './models-controller.ts';

/** What can be done with models from anywhere. `show` brings their screen to the front. */
export function modelsCommands(controller: ModelsController, show: () => void): readonly Command[] {
  const state = () => controller.store.getState();
  return [
    { id: 'models.show', label: 'Show all models', group: 'Models', perform: show },
    {
      id: 'models.search',
      label: 'Search models',
      group: 'Models',
      perform: () => {
        show();
        controller.focusSearch();
      },
    },
    {
      id: 'models.add-server',
      label: 'Add a model server',
      group: 'Models',
      perform: () => {
        show();
        controller.openServerDialog();
      },
    },
    {
      id: 'models.unload',
      label: 'Unload the model',
      group: 'Models',
      isAvailable: () => state().engine.status === 'ready',
      perform: () => controller.unload(),
    },
    {
      id: 'models.cancel-load',
      label: 'Stop loading the model',
      group: 'Models',
      isAvailable: () => state().engine.status === 'loading',
      perform: () => controller.cancelLoad(),
    },
  ];
}
