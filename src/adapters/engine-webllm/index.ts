export { createWebllmEngine } from './webllm-engine.ts';
