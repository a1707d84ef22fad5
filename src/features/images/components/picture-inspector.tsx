import {
  ChevronLeft,
  ChevronRight,
  Download,
  Images,
  Maximize2,
  MessageCircleQuestion,
  Trash2,
  X,
} from 'lucide-react';
import { useMemo } from 'react';
import { type ImageRecord, isFilm } from '#core/ports/image-records.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { PictureDescription } from '../captions/picture-description.tsx';
import type { ImagesController } from '../images-controller.ts';
import type { AskAboutPictures, ImagesState } from '../images-state.ts';
import { baseName } from '../picture-names.ts';
import type { ShownPicture } from '../shown-pictures.ts';
import { TextInPicture } from '../text/text-in-picture.tsx';
import { OpenPicture } from './open-picture.tsx';
import { PictureCaptions } from './picture-captions.tsx';
import { scoreText, wordsInWords } from './picture-cell.tsx';
import { PictureFacts } from './picture-facts.tsx';
import styles from './picture-inspector.module.css';
import { PictureLabels } from './picture-labels.tsx';
import { PictureTags } from './picture-tags.tsx';
import { neighboursOf } from './picture-walk.ts';

export interface PictureInspectorProps {
  readonly image: ImageRecord;
  readonly shown: readonly ShownPicture[];
  readonly state: ImagesState;
  readonly controller: ImagesController;
  readonly onAsk?: AskAboutPictures | undefined;
}

async function download(controller: ImagesController, { id, name }: ImageRecord): Promise<void> {
  const blob = await controller.original(id);
  if (blob === undefined) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = baseName(name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser reads it after the click
}

function Head({ image, shown, controller }: PictureInspectorProps) {
  const { before, after } = neighboursOf(shown, image.id);
  return (
    <header className={styles.head}>
      <h2 title={image.name}>{baseName(image.name)}</h2>
      <IconButton
        label="Previous picture"
        icon={<ChevronLeft />}
        disabled={before === undefined}
        onClick={() => before && controller.open(before)}
      />
      <IconButton
        label="Next picture"
        icon={<ChevronRight />}
        disabled={after === undefined}
        onClick={() => after && controller.open(after)}
      />
      <IconButton label="Show it large" icon={<Maximize2 />} onClick={() => controller.preview(image.id)} />
      <IconButton label="Close picture" icon={<X />} onClick={controller.close} />
    </header>
  );
}

/** One picture: itself, why it is here, what is known of it, and what can be done with it. */
export function PictureInspector(props: PictureInspectorProps) {
  const { image, shown, state, controller, onAsk } = props;
  const { score, words } = shown.find((other) => other.image.id === image.id) ?? {};
  const known = useMemo(
    () => [...new Set(state.images.flatMap(({ tags }) => tags))].sort((a, b) => a.localeCompare(b)),
    [state.images],
  );
  const order = shown.map((other) => other.image.id);
  return (
    <article className={styles.inspector} aria-label={baseName(image.name)} data-testid="picture-inspector">
      <Head {...props} />
      <div className={styles.body}>
        <div className={styles.frame}>
          <OpenPicture image={image} controller={controller} />
        </div>
        <div className={styles.actions}>
          <Button
            size="small"
            icon={<Images />}
            disabled={image.status !== 'ready'}
            onClick={() => void controller.searchLike(image.id)}
          >
            More like this
          </Button>
          {onAsk && !isFilm(image) ? (
            <IconButton
              label="Ask about this picture"
              icon={<MessageCircleQuestion />}
              onClick={() => onAsk([image.id])}
            />
          ) : null}
          <IconButton
            label="Download the original"
            icon={<Download />}
            onClick={() => void download(controller, image)}
          />
          <IconButton
            label="Delete picture"
            icon={<Trash2 />}
            onClick={() => void controller.remove([image.id], order)}
          />
        </div>
        {score === undefined ? null : (
          <p className={styles.quiet}>
            Similarity to what you search for: <strong>{scoreText(score)}</strong>
          </p>
        )}
        {words ? <p className={styles.quiet}>{wordsInWords(words)}</p> : null}
        {image.error ? <ErrorCard error={image.error} /> : null}
        {image.status === 'ready' ? (
          <PictureLabels image={image} labels={state.labels} controller={controller} />
        ) : (
          <p className={styles.quiet}>Not yet indexed.</p>
        )}
        <PictureTags ids={[image.id]} tags={image.tags} known={known} controller={controller} />
        <PictureCaptions image={image} lessons={controller.lessons} />
        <PictureDescription image={image} jobs={state.jobs} controller={controller} />
        <TextInPicture image={image} jobs={state.jobs} controller={controller} />
        <PictureFacts image={image} />
      </div>
    </article>
  );
}
