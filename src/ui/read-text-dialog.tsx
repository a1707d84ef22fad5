import { ScanText } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorCard } from './error-card.tsx';
import { FactList } from './fact-list.tsx';
import { formatBytes } from './format.ts';
import styles from './read-text-dialog.module.css';
import { Select } from './select.tsx';
import type { Loaded } from './use-loaded.ts';

/** What recognition needs, and the languages that it can be asked for. */
export interface ReadTextPlan {
  readonly engineBytes: number;
  readonly languages: readonly { readonly id: string; readonly label: string; readonly sizeBytes: number }[];
}

export interface ReadTextDialogProps<P extends ReadTextPlan> {
  readonly title: string;
  readonly description: string;
  /** The words on the button that starts it. */
  readonly startLabel: string;
  readonly loaded: Loaded<P>;
  /** What is to be read, in words: '3 pictures'. */
  readonly amountOf: (plan: P) => string;
  readonly timeOf: (plan: P) => string;
  readonly onStart: (language: string, plan: P) => void;
  readonly onClose: () => void;
}

/** Says what reading text in pictures will take, and asks for the language; nothing happens before the answer. */
export function ReadTextDialog<P extends ReadTextPlan>(props: ReadTextDialogProps<P>) {
  const { title, description, startLabel, loaded, amountOf, timeOf, onStart, onClose } = props;
  const [chosen, setChosen] = useState<string>();
  const plan = loaded.status === 'ready' ? loaded.value : undefined;
  const language = chosen ?? plan?.languages[0]?.id ?? '';
  const { label = '', sizeBytes = 0 } = plan?.languages.find(({ id }) => id === language) ?? {};
  return (
    <Dialog
      title={title}
      description={description}
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            icon={<ScanText />}
            disabled={plan === undefined}
            onClick={() => {
              if (plan) onStart(language, plan);
              onClose();
            }}
          >
            {startLabel}
          </Button>
        </>
      }
    >
      {loaded.status === 'failed' ? <ErrorCard error={loaded.error} /> : null}
      {plan ? (
        <div className={styles.body}>
          <Select
            label="Language of the text"
            value={language}
            onChange={setChosen}
            options={plan.languages.map((each) => ({ value: each.id, label: each.label }))}
          />
          <FactList
            facts={[
              ['To read', amountOf(plan)],
              [
                'To fetch, once',
                `${formatBytes(plan.engineBytes + sizeBytes)} from this site: the engine (${formatBytes(plan.engineBytes)}) and ${label} (${formatBytes(sizeBytes)})`,
              ],
              ['Time', timeOf(plan)],
            ]}
          />
        </div>
      ) : null}
    </Dialog>
  );
}
