import type { ThreadRecord } from '#core/ports/chat-records.ts';
import { Switch } from '#ui/switch.tsx';
import styles from './inspector.module.css';

export interface SearchAidsProps {
  readonly thread: Pick<ThreadRecord, 'searchAids'>;
  readonly hasReranker: boolean;
  readonly onConfigure: (change: Pick<ThreadRecord, 'searchAids'>) => void;
}

/** How this chat searches its documents. What a switch did is shown with the sources of each answer. */
export function SearchAidsForm({ thread, hasReranker, onConfigure }: SearchAidsProps) {
  const { searchAids: aids = {} } = thread;
  const set = (change: typeof aids): void => onConfigure({ searchAids: { ...aids, ...change } });
  return (
    <fieldset className={styles.group}>
      <legend>Search in the documents</legend>
      <Switch
        label="Rewrite follow-ups"
        description="The model makes “And the other one?” a question that stands alone"
        checked={aids.rewrites ?? false}
        onChange={(rewrites) => set({ rewrites })}
      />
      <Switch
        label="Several wordings"
        description="The model words the question anew, and all wordings are searched for"
        checked={aids.variants ?? false}
        onChange={(variants) => set({ variants })}
      />
      <Switch
        label="Made-up answer"
        description="The model invents an answer (HyDE), and passages like it are searched for; it is not shown as an answer"
        checked={aids.hypothetical ?? false}
        onChange={(hypothetical) => set({ hypothetical })}
      />
      <Switch
        label="Rerank"
        description={
          hasReranker
            ? 'A second model reads the best passages with the question and puts them in order'
            : 'Needs a reranker: get one in Models, under “Orders passages”'
        }
        disabled={!hasReranker}
        checked={hasReranker && (aids.reranks ?? false)}
        onChange={(reranks) => set({ reranks })}
      />
      <Switch
        label="Repeat known answers"
        description="The same question over unchanged documents gets the answer of before at once; needs the style Precise or a fixed seed"
        checked={aids.reuses ?? false}
        onChange={(reuses) => set({ reuses })}
      />
    </fieldset>
  );
}
