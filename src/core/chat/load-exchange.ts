/** Threads as files; fetched when somebody exports or imports one. */
export const loadExchange = () => import('./exchange.ts');
