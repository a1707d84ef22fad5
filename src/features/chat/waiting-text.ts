import type { MessageRecord } from '#core/ports/chat-records.ts';
import type { ChatState } from './chat-state.ts';

/** What an answer without a word yet waits for: true to what happens now. */
export function waitingText({ engine, active, live }: ChatState, path: readonly MessageRecord[]): string {
  if (engine.status === 'loading') return `Loading ${engine.model.label} …`;
  if (engine.status !== 'ready')
    return 'Waiting for a model. The question is kept and answered when one is ready.';
  const last = path.at(-1);
  const parts = last ? (live[last.id] ?? last.parts) : [];
  const hasSources = parts.some(({ type }) => type === 'sources');
  if (active && active.collectionIds.length > 0 && !hasSources) return 'Searching your documents …';
  return 'Reading …';
}
