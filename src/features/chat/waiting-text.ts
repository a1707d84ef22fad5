import type { MessageRecord } from '#core/ports/chat-records.ts';
import type { ChatState } from './chat-state.ts';

/** What an answer without a word yet waits for: true to what happens now. */
export function waitingText({ engine, active, live }: ChatState, path: readonly MessageRecord[]): string {
  if (engine.status === 'loading') {
    const { done, total } = engine.progress ?? {};
    const share = done === undefined || !total ? '' : `, ${Math.floor((100 * done) / total)} %`;
    return `Loading ${engine.model.label}${share} …`;
  }
  if (engine.status !== 'ready')
    return 'Waiting for a model. The question is kept and answered when one is ready.';
  const last = path.at(-1);
  const parts = last ? (live[last.id] ?? last.parts) : [];
  const hasSources = parts.some(({ type }) => type === 'sources');
  if (active && active.collectionIds.length > 0 && !hasSources) return 'Searching your documents …';
  return 'Reading …';
}
