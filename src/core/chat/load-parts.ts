// Parts that a chat can do without until it is asked or leaves the page. They stand beside index.ts, not in it: a file that
// only passes names on costs a page nothing but the names that it takes.

/** How a question is answered; needed with the first question. */
export const loadAnswer = async () => (await import('./answer.ts')).answer;

/** One whole document as the beginning of every prompt; needed when somebody asks about one. */
export const loadBook = () => import('./book.ts');

/** Answers given before; needed in chats that use them. */
export const loadAnswerCache = () => import('./answer-cache.ts');

/** Threads as files; needed when somebody exports or imports one. */
export const loadExchange = () => import('./exchange.ts');

/** An answer with its references, for elsewhere; needed when somebody copies one. */
export const loadCopy = () => import('./copy-answer.ts');

/** Other wordings of a question; needed when an evaluation compares them. */
export const loadWordings = async () => (await import('./search-wordings.ts')).searchWordings;

/** Questions by the chat model; needed when somebody lets it draft some. */
export const loadDraft = async () => (await import('./draft-question.ts')).draftQuestion;

/** An answer as a question for evaluation; needed when somebody stars one. */
export const loadStar = () => import('./star-answer.ts');

/** What of a thread goes into the prompt; needed once a model is there to count with. */
export const loadPlan = () => import('./plan-prompt.ts');

/** Pictures of stored messages, as an engine is given them; needed where a question with one is counted. */
export const loadPromptImages = async () => (await import('./prompt-images.ts')).readImages;
