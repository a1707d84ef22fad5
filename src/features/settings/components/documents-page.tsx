import { Button } from '#ui/button.tsx';
import { ChoiceGroup } from '#ui/choice-group.tsx';
import styles from '../settings.module.css';
import { Section } from './section.tsx';

export interface EmbedderChoice {
  readonly id: string;
  readonly label: string;
  /** Languages, size: what helps to choose. */
  readonly description?: string;
}

export interface DocumentsPageProps {
  /** Embedding models that are on this machine. */
  readonly embedders: readonly EmbedderChoice[];
  /** The one that was chosen; undefined = none was. The models shelf keeps it. */
  readonly embedderId: string | undefined;
  readonly onEmbedderChange: (id: string | undefined) => void;
  readonly onGetEmbedder?: () => void;
}

const AUTOMATIC = '';

export function DocumentsPage(props: DocumentsPageProps) {
  const { embedders, embedderId, onEmbedderChange, onGetEmbedder } = props;
  const isGone = embedderId !== undefined && !embedders.some(({ id }) => id === embedderId);
  const getMore = onGetEmbedder ? <Button onClick={onGetEmbedder}>Show embedding models</Button> : null;
  if (embedders.length === 0)
    return (
      <Section
        title="Documents"
        isTitleHidden
        text="Documents are searched by their meaning with an embedding model. None is on this machine yet: documents can be added, but wait."
      >
        <div className={styles.actions}>{getMore}</div>
      </Section>
    );
  return (
    <Section
      title="Documents"
      isTitleHidden
      text="The embedding model turns passages into numbers that can be compared by meaning. Documents that another model has read are indexed again before they can be searched."
    >
      {isGone ? (
        <p className={styles.note} role="status">
          The model that was chosen is no longer on this machine. Until you choose another, the one that has
          been here longest is used.
        </p>
      ) : null}
      <ChoiceGroup
        label="Embedding model"
        value={isGone ? AUTOMATIC : (embedderId ?? AUTOMATIC)}
        onChange={(id) => onEmbedderChange(id === AUTOMATIC ? undefined : id)}
        choices={[
          { value: AUTOMATIC, label: 'Automatic', description: 'The one that has been here longest.' },
          ...embedders.map(({ id, label, description }) => ({
            value: id,
            label,
            ...(description ? { description } : {}),
          })),
        ]}
      />
      <div className={styles.actions}>{getMore}</div>
    </Section>
  );
}
