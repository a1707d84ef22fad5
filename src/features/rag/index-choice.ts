// Fetched with the panel: the page does not start with the schema of a setting.
export { INDEX_CHOICE_KEY, parseIndexChoice } from '#core/rag/index.ts';
