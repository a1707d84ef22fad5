export { FirstVisit, type FirstVisitProps } from './components/first-visit.tsx';
export { ModelSwitcher, type ModelSwitcherProps } from './components/model-switcher.tsx';
export { ModelsScreen, StepDownDialog } from './lazy-screens.tsx';
export { createModelShelf, type ModelShelf, type ShelfDependencies } from './model-shelf.ts';
export { modelsCommands } from './models-commands.ts';
export { createModelsController, type ModelsController } from './models-controller.ts';
export type { ModelsScreenProps } from './models-screen.tsx';
export type { ModelsDependencies, ServerModel } from './models-state.ts';
