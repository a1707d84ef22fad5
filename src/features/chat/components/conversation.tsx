import { ArrowDown } from 'lucide-react';
import { Fragment, type ReactNode, useMemo } from 'react';
import { siblingsOf } from '#core/chat/index.ts';
import type { MessageRecord } from '#core/ports/chat-records.ts';
import { IconButton } from '#ui/icon-button.tsx';
import type { ChatState } from '../chat-state.ts';
import { isBeingWritten } from '../other-tabs.ts';
import styles from './conversation.module.css';
import { MessageView } from './lazy-message-view.tsx';
import type { MessageActions } from './message-view.tsx';
import { useFollow } from './use-follow.ts';

export interface ConversationProps {
  readonly state: ChatState;
  readonly path: readonly MessageRecord[];
  readonly actions: MessageActions;
  readonly emptyState: ReactNode;
  readonly waitingFor: string;
}

/** The shown path. It follows the answer only while the reader is at the end. */
export function Conversation({ state, path, actions, emptyState, waitingFor }: ConversationProps) {
  const { active, messages, running, live, context } = state;
  const runningId = active ? running[active.id] : undefined;
  const { scroller, column, isAtEnd, toEnd } = useFollow(active?.id, runningId);
  // One list for each message, the same as long as the messages are: an answer that grows draws only itself.
  const siblings = useMemo(
    () => new Map(path.map((message) => [message.id, siblingsOf(messages, message).map(({ id }) => id)])),
    [messages, path],
  );
  const firstKept = context && context.leftOut.length > 0 ? path[context.leftOut.length] : undefined;
  return (
    <div className={styles.frame}>
      <div ref={scroller} className={styles.scroller}>
        <div ref={column} className={styles.column}>
          {path.length === 0 ? emptyState : null}
          {path.map((message) => {
            const isRunning = runningId === message.id || isBeingWritten(message);
            return (
              <Fragment key={message.id}>
                {message === firstKept ? (
                  <p className={styles.horizon}>
                    <span>What stands above no longer fits the model’s context</span>
                  </p>
                ) : null}
                <MessageView
                  message={message}
                  liveParts={live[message.id]}
                  isRunning={isRunning}
                  siblings={siblings.get(message.id) ?? []}
                  actions={actions}
                  waitingFor={isRunning ? waitingFor : ''}
                />
              </Fragment>
            );
          })}
        </div>
      </div>
      {isAtEnd || path.length === 0 ? null : (
        <IconButton
          label="Jump to the latest"
          icon={<ArrowDown />}
          className={styles.jump ?? ''}
          onClick={toEnd}
        />
      )}
    </div>
  );
}
