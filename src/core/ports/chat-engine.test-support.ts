import type { AppError } from '#shared/errors.ts';
import type { GenerateEvent, SamplingSettings } from './chat-engine.ts';

export const GREEDY: SamplingSettings = {
  temperature: 0,
  topP: 1,
  topK: 0,
  minP: 0,
  repetitionPenalty: 1,
  maxTokens: 10,
  stop: [],
};

/** The code of the error that the work ends with. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as AppError).code ?? String(error);
  }
  return 'nothing was thrown';
}

export function textOf(events: readonly GenerateEvent[]): string {
  return events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
}
