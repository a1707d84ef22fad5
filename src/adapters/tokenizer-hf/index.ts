export { createHfTokenizer, loadHfTokenizer } from './hf-tokenizer.ts';
