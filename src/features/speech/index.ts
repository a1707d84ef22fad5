export { DictateButton } from './lazy-dictate-button.tsx';
