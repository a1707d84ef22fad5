import { useEffect, useState } from 'react';
import type { ImageRecord } from '#core/ports/image-records.ts';
import { TextArea } from '#ui/text-field.tsx';
import type { CaptionLessons } from '../caption-lessons.ts';

/** What the user says that a picture shows, one caption a line; stored when the field is left. */
export function PictureCaptions({
  image,
  lessons,
}: {
  readonly image: Pick<ImageRecord, 'id' | 'captions'>;
  readonly lessons: Pick<CaptionLessons, 'setCaptions'>;
}) {
  const stored = (image.captions ?? []).join('\n');
  const [text, setText] = useState(stored);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture is another text
  useEffect(() => setText(stored), [image.id, stored]);
  return (
    <TextArea
      label="Captions"
      description="What it shows, in your words; one a line."
      rows={Math.min(6, Math.max(2, text.split('\n').length))}
      value={text}
      onChange={({ target }) => setText(target.value)}
      onBlur={() => {
        if (text !== stored) void lessons.setCaptions(image.id, text);
      }}
    />
  );
}
