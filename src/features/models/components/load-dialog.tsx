import { useState } from 'react';
import { contextChoices, type MachineProfile, planFit } from '#core/models/index.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { formatBytes } from '#ui/format.ts';
import { Select } from '#ui/select.tsx';
import type { ModelEntry } from '../model-entries.ts';
import { fitWords, speedWords, tokensWords } from '../model-words.ts';
import type { ModelsController } from '../models-controller.ts';
import styles from './dialogs.module.css';

export interface LoadDialogProps {
  readonly entry: ModelEntry;
  readonly machine: MachineProfile;
  readonly controller: ModelsController;
  readonly onClose: () => void;
}

/** How to load one model: how much it remembers, and where it runs. What follows is said before it is done. */
export function LoadDialog({ entry, machine, controller, onClose }: LoadDialogProps) {
  const { model } = entry;
  const [context, setContext] = useState(String(entry.plan.contextTokens));
  const [device, setDevice] = useState<'gpu' | 'cpu'>(entry.plan.device);
  const choice = { contextTokens: Number(context), device };
  const plan = planFit(model, machine, { ...choice, isStored: true });
  const fit = fitWords(plan);
  const contexts = [...new Set([...contextChoices(model), entry.plan.contextTokens])].sort((a, b) => a - b);
  const memoryOf = (contextTokens: number): string =>
    formatBytes(planFit(model, machine, { contextTokens, device, isStored: true }).memoryBytes);
  const load = (): void => {
    onClose();
    void controller.load(model.id, choice);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Load ${model.label}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={plan.fits === 'no' && !plan.canForce} onClick={load}>
            {plan.fits === 'no' ? 'Try anyway' : 'Load'}
          </Button>
        </>
      }
    >
      <Select
        label="Context"
        value={context}
        onChange={setContext}
        options={contexts.map((tokens) => ({
          value: String(tokens),
          label: `${tokensWords(tokens)} tokens, about ${memoryOf(tokens)} of memory`,
          description: 'How much of a conversation and its documents the model sees at once.',
        }))}
      />
      {model.needs.gpu === 'optional' ? (
        <Select
          label="Runs on"
          value={device}
          onChange={(value) => setDevice(value === 'gpu' ? 'gpu' : 'cpu')}
          options={[
            { value: 'gpu', label: 'GPU (WebGPU)' },
            {
              value: 'cpu',
              label: `CPU (WASM, ${plan.threads} ${plan.threads === 1 ? 'thread' : 'threads'})`,
            },
          ]}
        />
      ) : null}
      <div className={styles.verdict} data-fits={plan.fits} role="status">
        <p>
          <strong>{fit.label}.</strong> About {formatBytes(plan.memoryBytes)} of memory on the{' '}
          {plan.device === 'gpu' ? 'GPU' : 'CPU'}
          {plan.speedClass ? `; ${speedWords(plan.speedClass).toLowerCase()}` : ''}.
        </p>
        {plan.reasons.map((reason) => (
          <p key={reason}>{reason}</p>
        ))}
      </div>
    </Dialog>
  );
}
