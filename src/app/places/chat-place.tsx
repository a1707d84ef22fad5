import { useCallback, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { useStore } from 'zustand';
import type { MessageRecord } from '#core/ports/chat-records.ts';
import { ChatScreen, type ChatScreenProps, openedSource } from '#features/chat/index.ts';
import { FirstVisit, ModelSwitcher, SightedModels } from '#features/models/index.ts';
import { type DocumentTarget, DocumentViewer } from '#features/rag/index.ts';
import { DictateButton } from '#features/speech/index.ts';
import { Button } from '#ui/button.tsx';
import { askAboutFiles } from '../ask-about-files.ts';
import { downloadText } from '../download-text.ts';
import { notify } from '../notify.ts';
import { documentPath, SIGHTED_MODELS_PATH, threadPath } from '../paths.ts';
import type { Services } from '../services.ts';

export interface ChatPlaceProps {
  readonly services: Services;
  readonly threadId: string | undefined;
}

type OpenSource = ChatScreenProps['onOpenSource'];

/** The chat with what other features lend it: models to switch, a document beside it. */
export function ChatPlace({ services, threadId }: ChatPlaceProps) {
  const { chat, library, models } = services;
  const [, navigate] = useLocation();
  const [target, setTarget] = useState<DocumentTarget>();
  const openSource = useCallback<OpenSource>((...source) => setTarget(openedSource(...source)), []);
  const errorActions = useMemo(
    () => (message: MessageRecord, retry: () => void) => {
      const isModelTrouble = /^(?:model|capability|worker)\/|^input\/unsupported/.test(
        message.error?.code ?? '',
      );
      return (
        <>
          <Button size="small" onClick={retry}>
            Try again
          </Button>
          {isModelTrouble ? (
            <Button size="small" variant="quiet" onClick={() => navigate('/models')}>
              Choose a model
            </Button>
          ) : null}
        </>
      );
    },
    [navigate],
  );
  const showPicture = useCallback(
    (imageId: string) =>
      void import('../ask-about-pictures.ts')
        .then(({ showInPictures }) => showInPictures(services, imageId))
        .then((isShown) => isShown && navigate('/pictures')),
    [services, navigate],
  );
  return (
    <ChatScreen
      controller={chat}
      threadId={threadId}
      onOpenThread={(id) => {
        setTarget(undefined);
        navigate(threadPath(id));
      }}
      onOpenSource={openSource}
      onOpenLibrary={() => navigate('/library')}
      onFiles={(files) => void askAboutFiles(services, files)}
      onDownload={downloadText}
      onNotify={notify}
      sendKey={useStore(services.settings.store, ({ settings }) => settings.sendKey)}
      hasReranker={useStore(services.shelf.store, () => services.shelf.reranker() !== undefined)}
      dictation={(box) => (
        <DictateButton dependencies={services.dictation} box={box} onOpenModels={() => navigate('/models')} />
      )}
      modelSwitcher={<ModelSwitcher controller={models} onOpenModels={() => navigate('/models')} />}
      sightHelp={<SightedModels controller={models} onOpenModels={() => navigate(SIGHTED_MODELS_PATH)} />}
      onShowPicture={showPicture}
      emptyState={
        <FirstVisit
          controller={models}
          onOpenModels={() => navigate('/models')}
          onUseSamples={() => {
            navigate('/library');
            void library.addSamples();
          }}
        />
      }
      errorActions={errorActions}
      onCloseDocument={() => setTarget(undefined)}
      {...(target
        ? {
            document: (
              <DocumentViewer
                {...target}
                controller={library}
                onAskWhole={(id) =>
                  void chat.whole.open(id).then((opened) => opened && navigate(threadPath(opened)))
                }
                onExpand={() => navigate(documentPath(target))}
                onClose={() => setTarget(undefined)}
              />
            ),
          }
        : {})}
    />
  );
}
