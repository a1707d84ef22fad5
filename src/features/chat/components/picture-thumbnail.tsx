import { useCallback } from 'react';
import type { ImagePart } from '#core/ports/chat-records.ts';
import { useBlobUrl } from '#ui/use-blob-url.ts';
import styles from './pictures.module.css';

export type ReadPicture = (sha256: string) => Promise<Blob | undefined>;

/** A picture of a question, from storage; its name until it is read. */
export function QuestionPicture({
  image: { sha256, name, width, height },
  read,
  className,
}: {
  readonly image: ImagePart;
  readonly read: ReadPicture;
  readonly className?: string | undefined;
}) {
  const url = useBlobUrl(useCallback(() => read(sha256), [read, sha256]));
  return url === undefined ? (
    <span className={styles.missing}>{name}</span>
  ) : (
    <img className={className} src={url} alt={name} width={width} height={height} />
  );
}
