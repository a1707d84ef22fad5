import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { pathTo } from '#core/chat/index.ts';
import type { ImagePart, MessageRecord, SourcePassage } from '#core/ports/chat-records.ts';
import { FileDrop } from '#ui/file-drop.tsx';
import { Screen } from '#ui/screen.tsx';
import { VisuallyHidden } from '#ui/visually-hidden.tsx';
import type { ChatController } from './chat-controller.ts';
import styles from './chat-screen.module.css';
import { citedSpansIn, openedSpan } from './cited-spans.ts';
import { Composer, type ComposerProps } from './components/composer.tsx';
import { Conversation } from './components/conversation.tsx';
import { AnswerCheck } from './components/lazy-answer-check.tsx';
import { Inspector } from './components/lazy-inspector.tsx';
import type { MessageActions } from './components/message-view.tsx';
import { ThreadList } from './components/thread-list.tsx';
import { isBeingWritten } from './other-tabs.ts';
import { isPictureFile, sightOf } from './sight.ts';
import { waitingText } from './waiting-text.ts';

export interface ChatScreenProps {
  readonly controller: ChatController;
  /** From the address; undefined = a new chat. */
  readonly threadId: string | undefined;
  readonly onOpenThread: (id: string | undefined) => void;
  readonly onOpenSource: MessageActions['onOpenSource'];
  readonly onOpenLibrary: () => void;
  readonly onFiles: (files: readonly File[]) => void;
  readonly onDownload: (name: string, text: string) => void;
  readonly onNotify: (message: string) => void;
  readonly sendKey?: 'enter' | 'mod+enter';
  /** A reranker is on this device. */
  readonly hasReranker?: boolean;
  readonly modelSwitcher: ReactNode;
  /** Offered where a picture is to be sent to a model that sees none. */
  readonly sightHelp?: ReactNode;
  /** Opens a picture in Pictures. */
  readonly onShowPicture?: (imageId: string) => void;
  readonly dictation?: ComposerProps['dictation'];
  /** Shown in a chat without messages. */
  readonly emptyState: ReactNode;
  readonly errorActions: (message: MessageRecord, retry: () => void) => ReactNode;
  /** The document beside the chat, when a citation was opened. */
  readonly document?: ReactNode;
  readonly onCloseDocument?: () => void;
}

const NO_PICTURES: readonly ImagePart[] = [];

function useActions(props: ChatScreenProps): MessageActions {
  const { controller, onOpenSource, onNotify, errorActions, onShowPicture } = props;
  return useMemo(() => {
    const onCopy = (text: string): void =>
      void navigator.clipboard.writeText(text).then(
        () => onNotify('Copied'),
        () => onNotify('The browser did not allow copying. Select the text and copy it.'),
      );
    return {
      onCopy,
      onCopyAs: (id, format) =>
        void controller.copyOf(id, format).then(
          (text) => text === '' || onCopy(text),
          () => onNotify('This part of Benchtop could not be fetched. Reload the page and try again.'),
        ),
      onStar: (id) =>
        void controller
          .star(id)
          .catch(() => onNotify('This answer could not be stored as a question. Try again.')),
      onCheck: controller.check,
      onRegenerate: (id) => void controller.regenerate(id),
      onContinue: (id) => void controller.continueAnswer(id),
      onEdit: (id, text) => void controller.edit(id, text),
      onDelete: (id) => void controller.removeMessage(id),
      onShowSibling: (id) => void controller.showSibling(id),
      onOpenSource,
      pictures: {
        read: controller.pictures.read,
        isKept: controller.pictures.isKept,
        onShow: (imageId) => onShowPicture?.(imageId),
      },
      errorActions: (message) => errorActions(message, () => void controller.regenerate(message.id)),
    };
  }, [controller, onOpenSource, onNotify, errorActions, onShowPicture]);
}

export function ChatScreen(props: ChatScreenProps) {
  const { controller, threadId, onOpenThread, onFiles, onDownload, onNotify, modelSwitcher, emptyState } =
    props;
  const state = useStore(controller.store);
  const { active, messages } = state;
  const [isListShown, setListShown] = useState(false);
  const actions = useActions(props);
  useEffect(() => void controller.open(threadId), [controller, threadId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each request
  useEffect(() => {
    if (state.checkedId !== undefined) props.onCloseDocument?.();
  }, [state.checkCount]);
  const path = useMemo(
    () => pathTo(messages, active?.activeLeafId ?? null),
    [messages, active?.activeLeafId],
  );
  const last = path.findLast(({ role }) => role === 'assistant');
  const passages = last?.parts.flatMap((part) => (part.type === 'sources' ? part.passages : [])) ?? [];
  const checked = path.find(({ id }) => id === state.checkedId);
  const closeBeside = () => (props.document ? props.onCloseDocument?.() : controller.check(undefined));
  const isRunning =
    active !== undefined && (state.running[active.id] !== undefined || messages.some(isBeingWritten));
  const openPassage = (passage: SourcePassage): void => {
    const supports = last?.parts.flatMap((part) => (part.type === 'supports' ? part.sentences : [])) ?? [];
    const opened = openedSpan(passage, undefined);
    props.onOpenSource(passage, undefined, citedSpansIn(passage.documentId, passages, supports, opened));
  };
  const exportThread = async (id: string, format: 'markdown' | 'json') => {
    const file = await controller.exportThread(id, format);
    if (file) onDownload(file.name, file.text);
  };
  const importThread = async (file: File) => {
    try {
      onOpenThread(await controller.importThread(await file.text()));
    } catch (error) {
      onNotify(error instanceof Error ? error.message : String(error));
    }
  };
  const openThread = (id: string | undefined) => {
    setListShown(false);
    // The address may be the same: that of a chat that was deleted and is back.
    void controller.open(id);
    onOpenThread(id);
  };
  const attach = (files: readonly File[]) =>
    void controller.pictures.attach(files.map((file) => ({ file, name: file.name })));
  const take = (files: readonly File[]) => {
    const pictures = files.filter(isPictureFile);
    if (pictures.length > 0) attach(pictures);
    if (pictures.length < files.length) onFiles(files.filter((file) => !isPictureFile(file)));
  };
  const send = async () => {
    const sending = controller.send();
    const id = controller.store.getState().active?.id;
    if (id !== threadId) onOpenThread(id);
    await sending;
  };
  return (
    <FileDrop
      className={styles.drop ?? ''}
      onFiles={take}
      hint="Drop pictures or documents to ask about them"
    >
      <Screen
        listLabel="Chats"
        isListShownWhenNarrow={isListShown}
        onListShownWhenNarrowChange={setListShown}
        list={
          <ThreadList
            controller={controller}
            activeId={active?.id}
            onOpen={openThread}
            onExport={(id, format) => void exportThread(id, format)}
            onImport={(file) => void importThread(file)}
          />
        }
        toolbar={
          <>
            <h2 className={styles.title}>{active?.title ?? 'New chat'}</h2>
            {active?.hasLeftDevice ? <span className={styles.left}>A server answered here</span> : null}
            {modelSwitcher}
          </>
        }
        inspectorLabel={props.document ? 'Document' : checked ? 'Check' : 'Inspector'}
        {...(props.document || checked
          ? {
              isInspectorOpen: true,
              inspectorHasHead: true,
              onInspectorOpenChange: (open) => open || closeBeside(),
            }
          : {})}
        inspector={
          props.document ??
          (checked ? (
            <AnswerCheck
              message={checked}
              supportsOf={controller.supportsOf}
              onOpenSource={props.onOpenSource}
              onClose={() => controller.check(undefined)}
            />
          ) : active ? (
            <Inspector
              thread={active}
              answer={last}
              passages={passages}
              hasReranker={props.hasReranker ?? false}
              placeLabel={state.engine.status === 'ready' ? state.engine.loaded.placeLabel : undefined}
              onOpenSource={openPassage}
              onConfigure={(change) => void controller.configure(change)}
            />
          ) : undefined)
        }
      >
        <Conversation
          state={state}
          path={path}
          actions={actions}
          emptyState={emptyState}
          waitingFor={waitingText(state, path)}
        />
        <VisuallyHidden>
          <span aria-live="polite">{isRunning ? 'The answer is being written' : ''}</span>
        </VisuallyHidden>
        <div className={styles.composer}>
          <Composer
            draft={active?.draft ?? ''}
            onDraft={controller.setDraft}
            onSend={() => void send()}
            onStop={() => void controller.stop()}
            threadId={active?.id}
            isRunning={isRunning}
            sendKey={props.sendKey ?? 'enter'}
            placeholder={state.engine.status === 'ready' ? `Ask ${state.engine.model.label}` : 'Ask anything'}
            collections={state.collections}
            chosenIds={active?.collectionIds ?? []}
            onChoose={(collectionIds) => void controller.configure({ collectionIds })}
            withinCount={active?.within?.reduce((sum, { ordinals }) => sum + ordinals.length, 0)}
            onLeaveWithin={() => void controller.leaveWithin()}
            onOpenLibrary={props.onOpenLibrary}
            context={state.context}
            dictation={props.dictation}
            pictures={{
              images: active?.draftImages ?? NO_PICTURES,
              attachingCount: state.attachingCount,
              refused: state.refusedPictures,
              sight: sightOf(state),
              modelLabel: state.engine.status === 'ready' ? state.engine.model.label : '',
              sightHelp: props.sightHelp,
              read: controller.pictures.read,
              onFiles: attach,
              onRemove: (sha256) => void controller.pictures.detach(sha256),
              onDismissRefused: controller.pictures.dismissRefused,
            }}
            whole={{
              book: state.book,
              isOn: active?.bookId !== undefined,
              documents: controller.whole.documents,
              onAsk: (id) => void controller.whole.ask(id),
              onLeave: () => void controller.whole.leave(),
              onStopReading: controller.whole.stopReading,
            }}
          />
        </div>
      </Screen>
    </FileDrop>
  );
}
