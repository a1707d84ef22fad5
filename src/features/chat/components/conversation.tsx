import { ArrowDown } from 'lucide-react';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { siblingsOf } from '#core/chat/index.ts';
import type { MessageRecord } from '#core/ports/chat-records.ts';
import { IconButton } from '#ui/icon-button.tsx';
import type { ChatState } from '../chat-state.ts';
import styles from './conversation.module.css';
import { type MessageActions, MessageView } from './message-view.tsx';

export interface ConversationProps {
  readonly state: ChatState;
  readonly path: readonly MessageRecord[];
  readonly actions: MessageActions;
  readonly emptyState: ReactNode;
  readonly waitingFor: string;
}

const AT_END_PX = 48;

/** The shown path. It follows the answer only while the reader is at the end. */
export function Conversation({ state, path, actions, emptyState, waitingFor }: ConversationProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const isFollowing = useRef(true);
  const [isAtEnd, setAtEnd] = useState(true);
  const threadId = state.active?.id;
  const toEnd = () => {
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another thread starts at its end
  useEffect(() => {
    isFollowing.current = true;
    setAtEnd(true);
    toEnd();
  }, [threadId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever was added may have grown the page
  useLayoutEffect(() => {
    if (isFollowing.current) toEnd();
  }, [state.live, path]);
  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroller}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          const atEnd = scrollHeight - scrollTop - clientHeight < AT_END_PX;
          isFollowing.current = atEnd;
          setAtEnd(atEnd);
        }}
      >
        <div className={styles.column}>
          {path.length === 0 ? emptyState : null}
          {path.map((message) => (
            <MessageView
              key={message.id}
              message={message}
              liveParts={state.live[message.id]}
              isRunning={
                state.running[message.threadId] === message.id ||
                message.status === 'streaming' ||
                message.status === 'waiting'
              }
              siblings={siblingsOf(state.messages, message).map(({ id }) => id)}
              actions={actions}
              waitingFor={waitingFor}
            />
          ))}
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
