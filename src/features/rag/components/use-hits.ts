import type { KeyboardEvent } from 'react';
import type { Span } from '../library-state.ts';

export interface HitWalk {
  /** 0-based; -1 when what is shown is none of the hits. */
  readonly index: number;
  readonly count: number;
  readonly next: () => void;
  readonly previous: () => void;
  /** n and p, and Alt with the arrows down and up; not while something is typed. */
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

const NO_HITS: readonly Span[] = [];

/** Leads through the hits of a document, around its end. From between two hits it goes to the nearer one that way. */
export function useHits(
  hits: readonly Span[] = NO_HITS,
  shown: Span | undefined,
  onShow: (span: Span) => void,
): HitWalk {
  const index = hits.findIndex(({ start, end }) => start === shown?.start && end === shown.end);
  const go = (step: 1 | -1): void => {
    const at = shown?.start ?? -1;
    const behind = hits.findIndex(({ start }) => start > at);
    const between = behind === -1 ? hits.length : behind;
    const target = index === -1 ? (step === 1 ? between : between - 1) : index + step;
    const span = hits[(target + hits.length) % hits.length];
    if (span) onShow(span);
  };
  const next = (): void => go(1);
  const previous = (): void => go(-1);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const { key, altKey, ctrlKey, metaKey, target } = event;
    if (hits.length < 2 || ctrlKey || metaKey) return;
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return;
    const isNext = altKey ? key === 'ArrowDown' : key === 'n';
    const isPrevious = altKey ? key === 'ArrowUp' : key === 'p';
    if (!isNext && !isPrevious) return;
    event.preventDefault();
    if (isNext) next();
    else previous();
  };
  return { index, count: hits.length, next, previous, onKeyDown };
}
