import { FileUp, Server, WifiOff } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { describeMachine, type MachineProfile } from '#core/models/index.ts';
import { Button } from '#ui/button.tsx';
import { ConfirmDialog } from '#ui/dialog.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { FileDrop, FilePicker } from '#ui/file-drop.tsx';
import { formatBytes } from '#ui/format.ts';
import screen from '#ui/screen.module.css';
import { Screen } from '#ui/screen.tsx';
import { SearchField } from '#ui/search-field.tsx';
import { AllModels } from './components/all-models.tsx';
import { LoadDialog } from './components/load-dialog.tsx';
import cardStyles from './components/model-card.module.css';
import { ModelCard, type ModelCardProps } from './components/model-card.tsx';
import { ServerDialog } from './components/server-dialog.tsx';
import { StorageBar } from './components/storage-bar.tsx';
import { TransferBar } from './components/transfer-bar.tsx';
import { useModels } from './components/use-models.ts';
import { EVERYTHING, type ModelEntry, type ModelSections, sectionsOf } from './model-entries.ts';
import { ROLES } from './model-words.ts';
import styles from './models.module.css';
import type { ModelsController } from './models-controller.ts';
import type { ModelsState } from './models-state.ts';

export interface ModelsScreenProps {
  readonly controller: ModelsController;
}

function MachinePanel({ machine }: { readonly machine: MachineProfile }) {
  const words = describeMachine(machine);
  return (
    <section className={styles.panel} aria-labelledby="models-machine">
      <h2 id="models-machine">This machine</h2>
      <p>{words.verdict}</p>
      <ul className={styles.machine}>
        <li>{words.gpu}</li>
        <li>{words.memory}</li>
        <li>{words.cores}</li>
        <li>{words.storage}</li>
      </ul>
    </section>
  );
}

function Recommended({ sections, card }: { readonly sections: ModelSections; readonly card: CardContext }) {
  const { recommended } = sections;
  return (
    <section className={styles.section} aria-labelledby="models-recommended">
      <h2 id="models-recommended">Recommended for this machine</h2>
      {recommended.length === 0 ? (
        <p className={styles.note}>What suits this machine best is on it already.</p>
      ) : (
        <div className={cardStyles.grid}>
          {recommended.map(({ role, entry }) => (
            <ModelCard key={entry.model.id} entry={entry} role={ROLES[role]} {...card} />
          ))}
        </div>
      )}
    </section>
  );
}

type CardContext = Omit<ModelCardProps, 'entry' | 'role'>;

function Here({
  sections,
  card,
  onFiles,
}: {
  readonly sections: ModelSections;
  readonly card: CardContext;
  readonly onFiles: (files: readonly File[]) => void;
}) {
  const { state, controller } = card;
  const imports = state.transfers.filter(({ kind }) => kind === 'model-import');
  const isEmpty = sections.here.length === 0 && imports.length === 0;
  return (
    <section className={styles.section} aria-labelledby="models-here">
      <h2 id="models-here">On this device</h2>
      {isEmpty ? (
        <p className={styles.note}>
          Nothing yet. Download a model above, or drop a GGUF file from your computer anywhere on this screen.
          One that sees pictures is two files: drop the model and its mmproj together.
        </p>
      ) : null}
      {imports.map((transfer) => (
        <article key={transfer.jobId} className={styles.import} aria-label={transfer.label}>
          <h3>{transfer.label}</h3>
          <TransferBar
            transfer={transfer}
            controller={controller}
            nextStep={
              <FilePicker
                label="Other GGUF files"
                accept=".gguf"
                onFiles={(files) => {
                  void controller.dismiss(transfer);
                  onFiles(files);
                }}
              >
                {(open) => (
                  <Button size="small" onClick={open}>
                    Choose files…
                  </Button>
                )}
              </FilePicker>
            }
          />
        </article>
      ))}
      {sections.here.map((entry) => (
        <ModelCard key={entry.model.id} entry={entry} {...card} />
      ))}
    </section>
  );
}

function Origins() {
  return (
    <section className={styles.section} aria-labelledby="models-origins">
      <h2 id="models-origins">Where models come from</h2>
      <p className={styles.note}>
        First from this page’s own server, which may hold a pack of models under /models/. Else from the model
        hub, Hugging Face, at the moment you press Download: it learns your address and which file you fetch,
        nothing else. Every file’s SHA-256 is checked before it is used. Models from the hub are made by
        others, under the licence that each card names.
      </p>
    </section>
  );
}

function Toolbar({
  state,
  query,
  onQuery,
  onFiles,
  onAddServer,
}: {
  readonly state: ModelsState;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly onFiles: (files: readonly File[]) => void;
  readonly onAddServer: () => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const { searchFocusCount } = state;
  useEffect(() => {
    if (searchFocusCount > 0) input.current?.focus();
  }, [searchFocusCount]);
  return (
    <>
      <h1 className={styles.title}>Models</h1>
      <SearchField
        label="Search models"
        placeholder="Search all models"
        value={query}
        onChange={onQuery}
        inputRef={input}
      />
      <FilePicker label="GGUF files to import" accept=".gguf" onFiles={onFiles}>
        {(open) => (
          <Button icon={<FileUp />} onClick={open} aria-label="Import GGUF">
            <span className={styles.wideOnly}>Import GGUF</span>
          </Button>
        )}
      </FilePicker>
      <Button icon={<Server />} onClick={onAddServer} aria-label="Add a server">
        <span className={styles.wideOnly}>Add a server</span>
      </Button>
    </>
  );
}

function deletionWords({ model, stored }: ModelEntry, isLoaded: boolean): string {
  if (model.engine === 'openai') return 'Its address and key are deleted from this browser. Chats stay.';
  const freed = `${formatBytes(stored?.storedBytes ?? 0)} are freed.`;
  const again = model.isImported
    ? 'To use it again you need its file.'
    : 'To use it again it has to be downloaded again.';
  return [isLoaded ? 'It is unloaded first.' : '', freed, again].filter(Boolean).join(' ');
}

/** Models: what suits this machine, what is here, and all others. */
export function ModelsScreen({ controller }: ModelsScreenProps) {
  const state = useModels(controller);
  const { machine, stored, added, catalog, isOnline, error, engine, serverDialogCount } = state;
  const { chosenEmbedderId, chosenImageEmbedderId } = state;
  const scroller = useRef<HTMLDivElement>(null);
  const [filter, setFilter] = useState(() => ({
    ...EVERYTHING,
    onlyFitting: true,
    query: new URLSearchParams(location.search).get('find') ?? '',
  }));
  const [loading, setLoading] = useState<ModelEntry>();
  const [deleting, setDeleting] = useState<ModelEntry>();
  const [isAddingServer, setAddingServer] = useState(false);
  const [importCount, setImportCount] = useState(0);
  useEffect(() => void controller.probeMirror(), [controller]);
  // Where each file's card says how far it is, or what is wrong with it.
  useEffect(() => {
    if (importCount > 0) document.getElementById('models-here')?.scrollIntoView({ block: 'start' });
  }, [importCount]);
  useEffect(() => {
    if (serverDialogCount > 0) setAddingServer(true);
  }, [serverDialogCount]);
  const sections = useMemo(
    () => machine && sectionsOf({ stored, added, catalog, chosenEmbedderId, chosenImageEmbedderId }, machine),
    [stored, added, chosenEmbedderId, chosenImageEmbedderId, catalog, machine],
  );
  const onFiles = (files: readonly File[]): void => {
    setFilter({ ...filter, query: '' });
    setImportCount(importCount + 1);
    void controller.importFiles(files);
  };
  const card: CardContext = { state, controller, onLoadWithOptions: setLoading, onDelete: setDeleting };
  const isDeletingLoaded = engine.status !== 'none' && engine.model.id === deleting?.model.id;
  return (
    <FileDrop className={styles.drop ?? ''} hint="Drop GGUF files to import them" onFiles={onFiles}>
      <Screen
        toolbar={
          <Toolbar
            state={state}
            query={filter.query}
            onQuery={(query) => setFilter({ ...filter, query })}
            onFiles={onFiles}
            onAddServer={() => setAddingServer(true)}
          />
        }
      >
        <div ref={scroller} className={screen.scroller}>
          <div className={styles.column}>
            {error ? (
              <ErrorCard
                error={error}
                actions={
                  <Button size="small" onClick={() => void controller.reload()}>
                    Try again
                  </Button>
                }
              />
            ) : null}
            {isOnline ? null : (
              <p className={styles.offline} role="status">
                <WifiOff aria-hidden /> No network. Models on this device work; downloads go on when it is
                back.
              </p>
            )}
            {sections && machine ? (
              <>
                {filter.query === '' ? (
                  <>
                    <div className={styles.panels}>
                      <MachinePanel machine={machine} />
                      <section className={styles.panel} aria-labelledby="models-storage">
                        <h2 id="models-storage">Space</h2>
                        <StorageBar controller={controller} state={state} />
                      </section>
                    </div>
                    <Recommended sections={sections} card={card} />
                    <Here sections={sections} card={card} onFiles={onFiles} />
                  </>
                ) : null}
                <AllModels
                  entries={
                    filter.query === ''
                      ? sections.others
                      : [
                          ...sections.recommended.map(({ entry }) => entry),
                          ...sections.here,
                          ...sections.others,
                        ]
                  }
                  filter={filter}
                  onFilter={(change) => setFilter({ ...filter, ...change })}
                  scroller={scroller}
                  card={card}
                />
                <Origins />
              </>
            ) : null}
          </div>
        </div>
      </Screen>
      {loading && machine ? (
        <LoadDialog
          entry={loading}
          machine={machine}
          controller={controller}
          onClose={() => setLoading(undefined)}
        />
      ) : null}
      {isAddingServer ? (
        <ServerDialog controller={controller} onClose={() => setAddingServer(false)} />
      ) : null}
      {deleting ? (
        <ConfirmDialog
          open
          danger
          onOpenChange={(open) => !open && setDeleting(undefined)}
          title={`${deleting.model.engine === 'openai' ? 'Remove' : 'Delete'} ${deleting.model.label}?`}
          description={deletionWords(deleting, isDeletingLoaded)}
          confirmLabel={deleting.model.engine === 'openai' ? 'Remove' : 'Delete'}
          onConfirm={() => void controller.remove(deleting.model.id)}
        />
      ) : null}
    </FileDrop>
  );
}
