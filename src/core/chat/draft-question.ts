import { complete, type ModelTask, wordingsIn } from './search-wordings.ts';

/** Characters of the passage that the model reads. */
const PASSAGE_CHARACTERS = 2000;

/**
 * A question that the passage answers, by the chat model, for the user to confirm. Undefined when it writes nothing of use.
 * Rejects with the engine's errors.
 */
export async function draftQuestion(input: ModelTask, passage: string): Promise<string | undefined> {
  const task = `Passage:\n${passage.slice(0, PASSAGE_CHARACTERS)}\n\nWrite one question that this passage answers and that can be understood without it. Write the question only.`;
  return wordingsIn(await complete(input, task, 64), 1)[0];
}
