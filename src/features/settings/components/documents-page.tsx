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
  /** The same for pictures. */
  readonly imageEmbedders: readonly EmbedderChoice[];
  readonly imageEmbedderId: string | undefined;
  readonly onImageEmbedderChange: (id: string | undefined) => void;
  readonly onGetEmbedder?: () => void;
}

const AUTOMATIC = '';

/** Models that are here, and "Automatic". */
function ModelChoice({
  label,
  automatic,
  models,
  chosenId,
  onChange,
}: {
  readonly label: string;
  readonly automatic: string;
  readonly models: readonly EmbedderChoice[];
  readonly chosenId: string | undefined;
  readonly onChange: (id: string | undefined) => void;
}) {
  const isGone = chosenId !== undefined && !models.some(({ id }) => id === chosenId);
  return (
    <>
      {isGone ? (
        <p className={styles.note} role="status">
          The model that was chosen is no longer on this machine. Until you choose another, the automatic
          choice is used.
        </p>
      ) : null}
      <ChoiceGroup
        label={label}
        value={isGone ? AUTOMATIC : (chosenId ?? AUTOMATIC)}
        onChange={(id) => onChange(id === AUTOMATIC ? undefined : id)}
        choices={[
          { value: AUTOMATIC, label: 'Automatic', description: automatic },
          ...models.map(({ id, label: name, description }) => ({
            value: id,
            label: name,
            ...(description ? { description } : {}),
          })),
        ]}
      />
    </>
  );
}

/** Which models read documents and pictures. */
export function DocumentsPage(props: DocumentsPageProps) {
  const { embedders, imageEmbedders, onGetEmbedder } = props;
  const hasText = embedders.length > 0;
  return (
    <Section
      title="Documents"
      isTitleHidden
      text={
        hasText
          ? 'The embedding model turns passages into numbers that can be compared by meaning. Documents that another model has read are indexed again before they can be searched.'
          : 'Documents are searched by their meaning with an embedding model. None is on this machine yet: documents can be added, but wait.'
      }
    >
      {hasText ? (
        <ModelChoice
          label="Embedding model"
          automatic="The one that has been here longest."
          models={embedders}
          chosenId={props.embedderId}
          onChange={props.onEmbedderChange}
        />
      ) : null}
      {imageEmbedders.length > 0 ? (
        <ModelChoice
          label="Model for pictures"
          automatic="The one that has been here longest; until there is one, the small one that comes with Benchtop."
          models={imageEmbedders}
          chosenId={props.imageEmbedderId}
          onChange={props.onImageEmbedderChange}
        />
      ) : null}
      {onGetEmbedder ? (
        <div className={styles.actions}>
          <Button onClick={onGetEmbedder}>Show embedding models</Button>
        </div>
      ) : null}
    </Section>
  );
}
