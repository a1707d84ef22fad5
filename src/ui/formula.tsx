import 'katex/dist/katex.min.css';
import katex from 'katex';
import { useLayoutEffect, useRef } from 'react';

const OPTIONS = { output: 'htmlAndMathml', throwOnError: false, strict: 'ignore', maxSize: 30 } as const;

/**
 * A formula, drawn node by node: the page's policy (Trusted Types) allows no HTML made from text, which is how rehype-katex
 * would put it in. Commands that load or link something are off, KaTeX's default.
 */
export function Formula({ source, isDisplay }: { readonly source: string; readonly isDisplay: boolean }) {
  const box = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (box.current) katex.render(source, box.current, { ...OPTIONS, displayMode: isDisplay });
  }, [source, isDisplay]);
  return <span ref={box} data-formula={source} />;
}
