export { loadHfTokenizer } from './hf-tokenizer.ts';
