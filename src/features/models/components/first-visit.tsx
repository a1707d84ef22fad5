import { FileUp } from 'lucide-react';
import { useEffect, useState } from 'react';
import { describeMachine, type MachineProfile, type RecommendedModel } from '#core/models/index.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { shareOf } from '#shared/call.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { FilePicker } from '#ui/file-drop.tsx';
import { ProgressBar } from '#ui/progress-bar.tsx';
import { firstOffer, isHubUnreachable } from '../first-offer.ts';
import { loadableModels } from '../loadable-models.ts';
import { sizeWords, speedWords } from '../model-words.ts';
import type { ModelsController } from '../models-controller.ts';
import type { ModelsState } from '../models-state.ts';
import { loadingWords } from '../progress-words.ts';
import styles from './first-visit.module.css';
import { TransferBar } from './transfer-bar.tsx';
import { useModels } from './use-models.ts';

export interface FirstVisitProps {
  readonly controller: ModelsController;
  readonly onOpenModels: () => void;
  readonly onUseSamples: () => void;
}

interface PartProps extends FirstVisitProps {
  readonly state: ModelsState;
}

function Machine({ machine }: { readonly machine: MachineProfile }) {
  const words = describeMachine(machine);
  return (
    <p className={styles.machine}>
      {words.gpu} · {words.memory} · {words.cores} · {words.storage}
    </p>
  );
}

function ImportButton({ controller }: { readonly controller: ModelsController }) {
  return (
    <FilePicker
      label="GGUF file to import"
      accept=".gguf"
      onFiles={(files) => void controller.importFiles(files, { loadsAfter: true })}
    >
      {(open) => (
        <Button size="small" variant="quiet" icon={<FileUp />} onClick={open}>
          I have a GGUF file
        </Button>
      )}
    </FilePicker>
  );
}

function Expectation({
  offer,
  isMirrored,
}: {
  readonly offer: RecommendedModel;
  readonly isMirrored: boolean;
}) {
  const { plan } = offer;
  return (
    <p className={styles.facts}>
      {isMirrored ? (
        <span className={styles.ready}>Ready on this server, no internet needed</span>
      ) : (
        <span>{sizeWords(plan)} to download once</span>
      )}
      {plan.speedClass ? <span>{speedWords(plan.speedClass)}</span> : null}
      <span>{plan.device === 'gpu' ? 'Runs on the GPU' : 'Runs on the CPU'}</span>
    </p>
  );
}

function Others({
  smaller,
  ...props
}: PartProps & { readonly smaller?: { readonly words: string; readonly onTake: () => void } | undefined }) {
  const { controller, onUseSamples, onOpenModels } = props;
  return (
    <div className={styles.others}>
      {smaller ? (
        <Button size="small" variant="quiet" onClick={smaller.onTake}>
          {smaller.words}
        </Button>
      ) : null}
      <ImportButton controller={controller} />
      <Button size="small" variant="quiet" onClick={onUseSamples}>
        Use a sample library
      </Button>
      <Button size="small" variant="quiet" onClick={onOpenModels}>
        All models…
      </Button>
    </div>
  );
}

function Offer(props: PartProps) {
  const { controller, state } = props;
  const [withEmbedder, setWithEmbedder] = useState(true);
  const offer = firstOffer(state);
  const { main, small, embedder } = offer;
  const isMirrored = main !== undefined && state.mirrored.includes(main.model.id);
  const isStuck = isHubUnreachable(state) && !isMirrored;
  const start = async (model: ModelSpec): Promise<void> => {
    await controller.download(model, { loadsAfter: true });
    if (withEmbedder && embedder) await controller.download(embedder.model);
  };
  return (
    <section className={styles.card} aria-label="First steps">
      <h2>A model that runs on this device</h2>
      {state.machine ? <Machine machine={state.machine} /> : null}
      {main ? (
        <div className={styles.offer}>
          <div className={styles.offerText}>
            <h3>{main.model.label}</h3>
            <p>{main.model.summary}</p>
            <Expectation offer={main} isMirrored={isMirrored} />
          </div>
          <Button variant="primary" onClick={() => void start(main.model)}>
            {isMirrored ? `Start with ${main.model.label}` : `Download ${main.model.label}`}
          </Button>
        </div>
      ) : (
        <p>No model of the catalog runs in this browser. A server that you add can still answer.</p>
      )}
      {isStuck ? (
        <p className={styles.machine}>
          There is no network, and this server has no model ready. Import a GGUF file, or come back when
          online.
        </p>
      ) : null}
      {main && embedder ? (
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={withEmbedder}
            onChange={(event) => setWithEmbedder(event.target.checked)}
          />
          <span>
            Also get {embedder.model.label} ({sizeWords(embedder.plan)}): it finds the passages in your
            documents
          </span>
        </label>
      ) : null}
      <Others
        {...props}
        smaller={
          small && {
            onTake: () => void start(small.model),
            words: `Try the small one first (${sizeWords(small.plan)})`,
          }
        }
      />
    </section>
  );
}

/** What is on its way: downloads and imports, failed ones with what else could be done. */
function Coming(props: PartProps) {
  const { controller, state } = props;
  const { small, main } = firstOffer(state);
  const begun = new Set(state.transfers.map(({ modelId }) => modelId));
  const other = [small, main].find((offer) => offer && !begun.has(offer.model.id));
  const isWaiting = state.transfers.some(({ loadsAfter, state: now }) => loadsAfter && now !== 'failed');
  return (
    <section className={styles.card} aria-label="First steps">
      <h2>{isWaiting ? 'Getting your model' : 'The model is not here yet'}</h2>
      {isWaiting ? (
        <p className={styles.machine}>
          You can ask already: the question is answered when the model is ready. A reload loses nothing of a
          download.
        </p>
      ) : null}
      {state.transfers.map((transfer) => (
        <div key={transfer.jobId} className={styles.transfer}>
          <h3>{transfer.label}</h3>
          <TransferBar transfer={transfer} controller={controller} />
        </div>
      ))}
      {isWaiting ? null : (
        <Others
          {...props}
          smaller={
            other && {
              onTake: () => void controller.download(other.model, { loadsAfter: true }),
              words: `Take ${other.model.label} instead (${
                state.mirrored.includes(other.model.id) ? 'ready on this server' : sizeWords(other.plan)
              })`,
            }
          }
        />
      )}
    </section>
  );
}

function Stored(props: PartProps) {
  const { controller, state, onOpenModels, onUseSamples } = props;
  const models = loadableModels(state).slice(0, 3);
  const { loadError } = state;
  return (
    <section className={styles.card} aria-label="First steps">
      <h2>{loadError ? 'The model could not be loaded' : 'Ready when you are'}</h2>
      {loadError ? <ErrorCard error={loadError.error} /> : null}
      <p className={styles.machine}>
        Just ask: the model used last is loaded by itself. Or load one of those on this device now.
      </p>
      <div className={styles.row}>
        {models.map((model, i) => (
          <Button
            key={model.id}
            variant={i === 0 ? 'primary' : 'secondary'}
            onClick={() => void controller.load(model.id)}
          >
            Load {model.label}
          </Button>
        ))}
      </div>
      <div className={styles.others}>
        <Button size="small" variant="quiet" onClick={onUseSamples}>
          Use a sample library
        </Button>
        <Button size="small" variant="quiet" onClick={onOpenModels}>
          All models…
        </Button>
      </div>
    </section>
  );
}

/** In a chat without messages: how to get a model, how far it is, or which one is ready. */
export function FirstVisit(props: FirstVisitProps) {
  const { controller } = props;
  const state = useModels(controller);
  const { engine, isLoaded, transfers } = state;
  const hasModels = loadableModels(state).length > 0;
  const isBare = isLoaded && !hasModels;
  useEffect(() => {
    if (isBare) void controller.probeMirror();
  }, [isBare, controller]);
  if (engine.status === 'ready')
    return (
      <p className={styles.ask}>
        Ask {engine.model.label}.{' '}
        {engine.loaded.runsOn === 'remote'
          ? `It runs at ${engine.loaded.placeLabel}: what you write is sent there.`
          : 'What you write stays on this device.'}
      </p>
    );
  if (engine.status === 'loading')
    return (
      <section className={styles.card} aria-label="First steps">
        <h2>{engine.model.label}</h2>
        <p className={styles.machine}>
          {loadingWords(engine.progress)}. You can write your question meanwhile.
        </p>
        <ProgressBar value={shareOf(engine.progress)} label={`Loading ${engine.model.label}`} />
        <div className={styles.row}>
          <Button size="small" onClick={() => void controller.cancelLoad()}>
            Cancel
          </Button>
        </div>
      </section>
    );
  if (!isLoaded) return null;
  // One that failed is of no interest any more once there is another.
  const isComing = transfers.some(
    ({ loadsAfter, state: now }) => loadsAfter && !(hasModels && now === 'failed'),
  );
  if (isComing) return <Coming {...props} state={state} />;
  return hasModels ? <Stored {...props} state={state} /> : <Offer {...props} state={state} />;
}
