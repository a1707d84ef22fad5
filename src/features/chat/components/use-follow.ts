import { type RefObject, useEffect, useRef, useState } from 'react';

const AT_END_PX = 48;

export interface Follow {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly column: RefObject<HTMLDivElement | null>;
  readonly isAtEnd: boolean;
  readonly toEnd: () => void;
}

function pinToEnd(box: HTMLElement): { readonly top: number; readonly height: number } {
  box.scrollTop = box.scrollHeight;
  return { top: box.scrollTop, height: box.scrollHeight };
}

/**
 * Keeps the end in view while the reader is there. A reader who scrolls up by one pixel is left where they are, however
 * fast the text grows; a thread that is opened and an answer that is asked for begin at the end.
 */
export function useFollow(threadId: string | undefined, answerId: string | undefined): Follow {
  const scroller = useRef<HTMLDivElement>(null);
  const column = useRef<HTMLDivElement>(null);
  const isFollowing = useRef(true);
  const [isAtEnd, setAtEnd] = useState(true);

  /** Where the view was left by the reader or by us: what is above it now was scrolled to by the reader. */
  const before = useRef({ top: 0, height: 0 });

  const toEnd = (): void => {
    isFollowing.current = true;
    setAtEnd(true);
    if (scroller.current) before.current = pinToEnd(scroller.current);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: another thread and a new answer start at the end
  useEffect(toEnd, [threadId, answerId !== undefined]);

  useEffect(() => {
    const [box, content] = [scroller.current, column.current];
    if (!box || !content) return;
    const onScroll = (): void => {
      const { scrollTop: top, scrollHeight: height, clientHeight } = box;
      const rest = height - top - clientHeight;
      // The text shrinks when a block is folded: that moves the view up, and is nobody's wish.
      const isPulledUp = top < before.current.top && height >= before.current.height;
      isFollowing.current = rest < 2 || (isFollowing.current && !isPulledUp);
      before.current = { top, height };
      setAtEnd(rest < AT_END_PX || isFollowing.current);
    };
    // Whatever grows: new words, a renderer that arrives late, a window that gets smaller.
    const sizes = new ResizeObserver(() => {
      if (isFollowing.current) before.current = pinToEnd(box);
      else setAtEnd(box.scrollHeight - box.scrollTop - box.clientHeight < AT_END_PX);
    });
    sizes.observe(content);
    sizes.observe(box);
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      sizes.disconnect();
      box.removeEventListener('scroll', onScroll);
    };
  }, []);

  return { scroller, column, isAtEnd, toEnd };
}
