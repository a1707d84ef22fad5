export { sha256Of } from './sha256-of.ts';
