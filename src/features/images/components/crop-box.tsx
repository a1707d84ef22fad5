import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { PictureRegion } from '#core/ports/picture-decoder.ts';
import { isRegionKey, regionInWords, regionMoved } from '../region.ts';
import styles from './open-picture.module.css';

export interface CropBoxProps {
  readonly region: PictureRegion;
  /** It was asked for by a key: the next keys are for it. */
  readonly takesFocus: boolean;
  readonly onChange: (region: PictureRegion) => void;
  readonly onSearch: () => void;
  readonly onLeave: () => void;
}

/**
 * The part of a picture that is searched with, for the keyboard: arrows move it, with Shift they size it, Enter searches,
 * Escape leaves. The pointer goes through to the picture below, on which it draws.
 */
export function CropBox({ region, takesFocus, onChange, onSearch, onLeave }: CropBoxProps) {
  const box = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (takesFocus) box.current?.focus();
  }, [takesFocus]);
  const share = (value: number): string => `${value * 100}%`;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onLeave();
    else if (event.key === 'Enter') onSearch();
    else if (isRegionKey(event.key)) onChange(regionMoved(region, event.key, event.shiftKey));
    else return;
    // The picture's own keys are others.
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <button
        ref={box}
        type="button"
        className={styles.region}
        style={{
          left: share(region.x),
          top: share(region.y),
          width: share(region.width),
          height: share(region.height),
        }}
        aria-label={`Part to search with: ${regionInWords(region)}`}
        title="Arrow keys move it, Shift and arrow keys size it, Enter searches, Escape leaves"
        data-testid="crop-box"
        onKeyDown={onKeyDown}
        onClick={onSearch}
      />
      <p className={styles.coordinates} role="status">
        {regionInWords(region)}
      </p>
    </>
  );
}
