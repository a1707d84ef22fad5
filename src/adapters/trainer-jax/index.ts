export { createJaxTrainer } from './jax-trainer.ts';
