// The package describes only its entry, which touches `document`; this is the glue behind it.
declare module 'voy-search/voy_search_bg.js' {
  export { type Resource, type SearchResult, Voy } from 'voy-search';
  export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
}
