export { createEvalsController, type EvalsController } from './evals-controller.ts';
export { EvalsScreen } from './evals-screen.tsx';
