import { Download, Play, Settings2, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { shareOf } from '#shared/call.ts';
import { Badge } from '#ui/badge.tsx';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { formatBytes } from '#ui/format.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { ProgressBar } from '#ui/progress-bar.tsx';
import { isOrphan, type ModelEntry } from '../model-entries.ts';
import {
  ENGINES,
  fitWords,
  languageWords,
  licenceWords,
  ROLES,
  sizeWords,
  speedWords,
  TASKS,
  tokensWords,
} from '../model-words.ts';
import type { ModelsController } from '../models-controller.ts';
import type { ModelsState } from '../models-state.ts';
import { loadingWords } from '../progress-words.ts';
import { engineModelId } from '../residency.ts';
import { isOnThisMachine } from '../servers.ts';
import styles from './model-card.module.css';
import { TransferBar } from './transfer-bar.tsx';

export interface ModelCardProps {
  readonly entry: ModelEntry;
  readonly state: ModelsState;
  readonly controller: ModelsController;
  /** Why it is recommended. */
  readonly role?: string;
  readonly onLoadWithOptions: (entry: ModelEntry) => void;
  readonly onDelete: (entry: ModelEntry) => void;
}

function Facts({ entry }: { readonly entry: ModelEntry }) {
  const { model, plan, stored } = entry;
  if (model.engine === 'openai')
    return (
      <dl className={styles.facts}>
        <Fact name="Address">{model.baseUrl}</Fact>
        <Fact name="Context">{tokensWords(model.contextTokens)} tokens</Fact>
      </dl>
    );
  if (isOrphan(entry))
    return (
      <dl className={styles.facts}>
        <Fact name="On disk">{formatBytes(stored?.storedBytes ?? 0)}</Fact>
      </dl>
    );
  return (
    <dl className={styles.facts}>
      {stored?.isComplete ? (
        <Fact name="On disk">{formatBytes(stored.storedBytes)}</Fact>
      ) : (
        <Fact name="Download">{sizeWords(plan)}</Fact>
      )}
      <Fact name="Memory">about {formatBytes(plan.memoryBytes)}</Fact>
      {model.task === 'chat' ? (
        <Fact name="Context">
          {tokensWords(plan.contextTokens)}
          {plan.contextTokens < model.contextTokens ? ` of ${tokensWords(model.contextTokens)}` : ''}
        </Fact>
      ) : model.maxInputTokens === undefined ? null : (
        <Fact name="Input">{tokensWords(model.maxInputTokens)} tokens</Fact>
      )}
      {plan.speedClass && plan.fits !== 'no' ? <Fact name="Speed">{speedWords(plan.speedClass)}</Fact> : null}
      <Fact name="Weights">{model.quantization}</Fact>
      <Fact name="Licence">{licenceWords(model.licence)}</Fact>
      <Fact name="Engine">{ENGINES[model.engine]}</Fact>
      {model.languages.length > 0 ? (
        <Fact name="Languages">
          <span title={model.languages.map(languageWords).join(', ')}>
            {model.languages.length > 2
              ? `${model.languages.length} languages`
              : model.languages.map(languageWords).join(', ')}
          </span>
        </Fact>
      ) : null}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Badges({ entry, state, role }: Pick<ModelCardProps, 'entry' | 'state' | 'role'>) {
  const { model, plan, stored, isEmbedder, isImageEmbedder } = entry;
  const { engine, mirrored } = state;
  const fit = fitWords(plan);
  const isReady = engine.status === 'ready' && engine.model.id === model.id;
  return (
    <span className={styles.badges}>
      {role ? <Badge tone="accent">{role}</Badge> : null}
      {isReady ? <Badge tone="local">Loaded · {engine.loaded.placeLabel}</Badge> : null}
      {model.engine === 'openai' ? (
        isOnThisMachine(model.baseUrl ?? '') ? (
          <Badge tone="leaves">Server on this computer</Badge>
        ) : (
          <Badge tone="leaves">Leaves this device</Badge>
        )
      ) : isOrphan(entry) ? (
        <Badge>Unknown model</Badge>
      ) : isReady ? null : (
        <Badge tone={fit.tone}>{fit.label}</Badge>
      )}
      {model.seesImages ? <Badge>Sees pictures</Badge> : null}
      {model.task === 'chat' || role ? null : <Badge>{TASKS[model.task]}</Badge>}
      {isEmbedder ? <Badge tone="local">Used for documents</Badge> : null}
      {isImageEmbedder ? <Badge tone="local">Used for pictures</Badge> : null}
      {mirrored.includes(model.id) && !stored?.isComplete ? (
        <Badge tone="local">Ready on this server</Badge>
      ) : null}
    </span>
  );
}

/** Loading, downloading, failed: what happens with this model now. */
function Happening({ entry, state, controller }: ModelCardProps) {
  const { id, label } = entry.model;
  const { engine, loadError, transfers } = state;
  const transfer = transfers.find(({ modelId }) => modelId === id);
  const isLoading = engine.status === 'loading' && engine.model.id === id;
  const failure =
    loadError?.modelId === id
      ? loadError.error
      : engine.status === 'failed' && engine.model.id === id
        ? engine.error
        : undefined;
  if (isLoading)
    return (
      <div className={styles.happening}>
        <span className={styles.words}>{loadingWords(engine.progress)}</span>
        <ProgressBar value={shareOf(engine.progress)} label={`Loading ${label}`} />
      </div>
    );
  if (transfer)
    return (
      <div className={styles.happening}>
        <TransferBar transfer={transfer} controller={controller} />
      </div>
    );
  return failure ? (
    <div className={styles.happening}>
      <ErrorCard error={failure} />
    </div>
  ) : null;
}

function LoadButtons({ entry, state, controller, onLoadWithOptions }: ModelCardProps) {
  const { model, plan } = entry;
  const { engine } = state;
  const isCurrent = engineModelId(engine) === model.id;
  if (isCurrent && engine.status === 'loading')
    return (
      <Button aria-label={`Cancel loading ${model.label}`} onClick={() => void controller.cancelLoad()}>
        Cancel
      </Button>
    );
  const isReady = isCurrent && engine.status === 'ready';
  if (plan.fits === 'no' && !plan.canForce && !isReady) return null;
  return (
    <>
      {isReady ? (
        <Button aria-label={`Unload ${model.label}`} onClick={() => void controller.unload()}>
          Unload
        </Button>
      ) : plan.fits === 'no' ? (
        <Button aria-label={`Try anyway: ${model.label}`} onClick={() => onLoadWithOptions(entry)}>
          Try anyway…
        </Button>
      ) : (
        <Button
          variant="primary"
          icon={<Play />}
          aria-label={`Load ${model.label}`}
          onClick={() => void controller.load(model.id)}
        >
          Load
        </Button>
      )}
      {model.engine === 'openai' ? null : (
        <IconButton
          label={`Load ${model.label} with options`}
          icon={<Settings2 />}
          onClick={() => onLoadWithOptions(entry)}
        />
      )}
    </>
  );
}

function Actions(props: ModelCardProps) {
  const { entry, state, controller, onDelete } = props;
  const { model, plan, stored, isEmbedder, isImageEmbedder } = entry;
  const isComplete = stored?.isComplete ?? model.engine === 'openai';
  const hasTransfer = state.transfers.some(({ modelId }) => modelId === model.id);
  const verb = stored ? 'Resume' : plan.fits === 'no' ? 'Download anyway' : 'Download';
  const canGet = !isOrphan(entry) && (plan.fits !== 'no' || plan.canForce) && plan.downloadFits;
  return (
    <div className={styles.actions}>
      {isComplete && model.task === 'chat' && !isOrphan(entry) ? <LoadButtons {...props} /> : null}
      {isComplete && model.task === 'embed-text' && !isEmbedder ? (
        <Button
          aria-label={`Use ${model.label} for documents`}
          onClick={() => void controller.setEmbedder(model.id)}
        >
          Use for documents
        </Button>
      ) : null}
      {isComplete && model.task === 'embed-image-text' && !isImageEmbedder ? (
        <Button
          aria-label={`Use ${model.label} for pictures`}
          onClick={() => void controller.setImageEmbedder(model.id)}
        >
          Use for pictures
        </Button>
      ) : null}
      {isComplete || hasTransfer || !canGet ? null : (
        <Button
          variant={props.role === ROLES.best ? 'primary' : 'secondary'}
          icon={<Download />}
          aria-label={`${verb}${plan.fits === 'no' && !stored ? ':' : ''} ${model.label}`}
          onClick={() => void controller.download(model)}
        >
          {verb}
        </Button>
      )}
      {(stored && !hasTransfer) || model.engine === 'openai' ? (
        <IconButton
          label={model.engine === 'openai' ? `Remove ${model.label}` : `Delete ${model.label}`}
          icon={<Trash2 />}
          onClick={() => onDelete(entry)}
        />
      ) : null}
    </div>
  );
}

/** What a model is, whether it fits and why, and what can be done with it. */
export function ModelCard(props: ModelCardProps) {
  const { entry } = props;
  const { model, plan, stored } = entry;
  const isPart = stored !== undefined && !stored.isComplete;
  const hasTransfer = props.state.transfers.some(({ modelId }) => modelId === model.id);
  return (
    <article className={styles.card} aria-label={model.label} data-testid="model" data-model-id={model.id}>
      <div className={styles.text}>
        <header className={styles.head}>
          <h3>{model.label}</h3>
          <Badges {...props} />
        </header>
        <p className={styles.summary}>{model.summary}</p>
        {model.engine === 'openai' || isOrphan(entry)
          ? null
          : plan.reasons.map((reason) => (
              <p key={reason} className={styles.reason}>
                {reason}
              </p>
            ))}
        {isPart && !hasTransfer ? (
          <p className={styles.reason}>
            {formatBytes(stored.storedBytes)} of it are here; the download was not finished.
          </p>
        ) : null}
        <Facts entry={entry} />
      </div>
      <Actions {...props} />
      <Happening {...props} />
    </article>
  );
}
