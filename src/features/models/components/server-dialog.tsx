import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { AppError, isAbort, toAppError } from '#shared/errors.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { Select } from '#ui/select.tsx';
import { Switch } from '#ui/switch.tsx';
import { TextField } from '#ui/text-field.tsx';
import type { ModelsController } from '../models-controller.ts';
import type { ServerModel } from '../models-state.ts';
import styles from './dialogs.module.css';

/** What a server is taken to hold when it does not say: little enough for every model in use. */
const ASSUMED_CONTEXT_TOKENS = 4096;

interface Found {
  readonly models: readonly ServerModel[];
  readonly chosen: ServerModel;
}

/** Asks one server at a time; closing the dialog ends the question. */
function useServerTest(controller: ModelsController) {
  const [isTesting, setTesting] = useState(false);
  const [found, setFound] = useState<Found>();
  const [error, setError] = useState<AppError>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const test = async (url: string, key: string): Promise<void> => {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    setTesting(true);
    setError(undefined);
    setFound(undefined);
    try {
      const models = await controller.testServer(url, key, abort.signal);
      const [first] = models;
      if (first) setFound({ models, chosen: first });
      else setError(new AppError('model/not-found', 'The server answers, but it offers no model.'));
    } catch (failure) {
      if (!isAbort(failure)) setError(toAppError(failure));
    } finally {
      if (running.current === abort) setTesting(false);
    }
  };
  return { isTesting, found, error, test, setFound, setError, forget: () => setFound(undefined) };
}

/** Adds a model that runs elsewhere, and says what that means. */
export function ServerDialog({
  controller,
  onClose,
}: {
  readonly controller: ModelsController;
  readonly onClose: () => void;
}) {
  const [url, setUrl] = useState('');
  const [key, setKey] = useState('');
  const [typedContext, setTypedContext] = useState(String(ASSUMED_CONTEXT_TOKENS));
  const [typedSight, setTypedSight] = useState<boolean>();
  const { isTesting, found, error, test, setFound, setError, forget } = useServerTest(controller);
  const formId = useId();
  const stated = found?.chosen.contextTokens;
  const contextTokens = stated ?? Math.floor(Number(typedContext));
  const seesImages = typedSight ?? found?.chosen.seesImages ?? false;
  const isContextGood = Number.isFinite(contextTokens) && contextTokens >= 256;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!found) return test(url, key);
    if (!isContextGood) return;
    try {
      await controller.addServer({
        baseUrl: url,
        remoteModel: found.chosen.id,
        contextTokens,
        seesImages,
        ...(key.trim() === '' ? {} : { apiKey: key.trim() }),
      });
      onClose();
    } catch (failure) {
      setError(toAppError(failure));
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Add a server"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            disabled={url.trim() === '' || isTesting || (found !== undefined && !isContextGood)}
          >
            {found ? 'Add' : isTesting ? 'Asking…' : 'Test'}
          </Button>
        </>
      }
    >
      <p className={styles.leaves}>
        With a server, your questions and the passages they use leave this device, unless its address is this
        computer. Chats that used one stay marked.
      </p>
      <form id={formId} className={styles.form} onSubmit={(event) => void submit(event)}>
        <TextField
          label="Address"
          description="An OpenAI-compatible one: vLLM, SGLang, Ray Serve, llama.cpp, Ollama. With /v1 where the server wants it."
          placeholder="http://127.0.0.1:8000/v1"
          autoComplete="off"
          spellCheck={false}
          value={url}
          onChange={(event) => {
            setUrl(event.target.value);
            forget();
          }}
        />
        <TextField
          label="Key (if it wants one)"
          type="password"
          autoComplete="off"
          description="Kept in this browser, sent to this server only."
          value={key}
          onChange={(event) => {
            setKey(event.target.value);
            forget();
          }}
        />
        {error ? <ErrorCard error={error} /> : null}
        {found ? (
          <>
            <Select
              label="Model"
              value={found.chosen.id}
              onChange={(id) => {
                const chosen = found.models.find((model) => model.id === id);
                if (chosen) setFound({ ...found, chosen });
                setTypedSight(undefined);
              }}
              options={found.models.map(({ id }) => ({ value: id, label: id }))}
            />
            {stated === undefined ? (
              <TextField
                label="Context, tokens"
                type="number"
                min={256}
                description="The server does not say how much its model sees at once."
                {...(isContextGood ? {} : { error: 'At least 256 tokens.' })}
                value={typedContext}
                onChange={(event) => setTypedContext(event.target.value)}
              />
            ) : null}
            <Switch
              label="It sees pictures"
              description="Then a question may bring pictures, and they are sent to it, too. Not every server says whether its model does."
              checked={seesImages}
              onChange={setTypedSight}
            />
          </>
        ) : null}
      </form>
    </Dialog>
  );
}
