export { createWllamaEngine } from './wllama-engine.ts';
