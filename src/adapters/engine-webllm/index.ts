export { createWebllmEngine, type WebllmEngineDeps } from './webllm-engine.ts';
