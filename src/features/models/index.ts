export { ModelSwitcher } from './components/model-switcher.tsx';
export { FirstVisit, ModelsScreen, SightedModels, StepDownDialog } from './lazy-screens.tsx';
export { createModelShelf } from './model-shelf.ts';
export { modelsCommands } from './models-commands.ts';
export { createModelsController, type ModelsController } from './models-controller.ts';
