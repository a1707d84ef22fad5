/** What verifies an answer against its passages; fetched when there is one to verify. */
export const loadCheck = () => import('./check-answer.ts');
