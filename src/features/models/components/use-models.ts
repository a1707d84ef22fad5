import { useStore } from 'zustand';
import type { ModelsController } from '../models-controller.ts';
import type { ModelsState } from '../models-state.ts';

/** All that the controller shows. */
export const useModels = (controller: ModelsController): ModelsState => useStore(controller.store);
