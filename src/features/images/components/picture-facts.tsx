import type { ImageRecord } from '#core/ports/image-records.ts';
import { formatBytes, formatNumber } from '#ui/format.ts';
import { timeInWords } from '../film-times.ts';
import { dateInWords } from '../picture-dates.ts';
import { folderOf } from '../picture-names.ts';
import styles from './picture-inspector.module.css';

function degrees(value: number, [positive, negative]: readonly [string, string]): string {
  return `${Math.abs(value).toFixed(4)}° ${value < 0 ? negative : positive}`;
}

/** What a file says of itself; a place is text, because a map would have to be asked for elsewhere. */
function factsOf(image: ImageRecord): readonly (readonly [string, string])[] {
  const {
    name,
    width,
    height,
    sizeBytes,
    takenAt,
    addedAt,
    camera,
    place,
    mediaType,
    isAnimated,
    durationSeconds,
  } = image;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Folder', folderOf(name) || undefined],
    ['Size', width && height ? `${formatNumber(width)} × ${formatNumber(height)} pixels` : undefined],
    [
      'File',
      `${formatBytes(sizeBytes)}, ${mediaType.replace(/^(?:image|video)\//, '')}${isAnimated ? ', animated' : ''}`,
    ],
    ['Length', durationSeconds === undefined ? undefined : timeInWords(durationSeconds)],
    ['Taken', takenAt === undefined ? undefined : dateInWords(takenAt)],
    ['Added', dateInWords(addedAt)],
    ['Camera', camera],
    ['Place', place && `${degrees(place.latitude, ['N', 'S'])}, ${degrees(place.longitude, ['E', 'W'])}`],
  ];
  return facts.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const]));
}

export function PictureFacts({ image }: { readonly image: ImageRecord }) {
  return (
    <dl className={styles.facts}>
      {factsOf(image).map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
