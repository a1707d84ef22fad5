import { Check, Copy } from 'lucide-react';
import { type CSSProperties, useEffect, useState } from 'react';
import type { HighlightToken } from './highlight.ts';
import { IconButton } from './icon-button.tsx';
import styles from './markdown.module.css';

export interface CodeBlockProps {
  readonly code: string;
  readonly language: string;
  /** While the block still grows it is shown plain: colours would flicker. */
  readonly isStreaming: boolean;
}

export function CodeBlock({ code, language, isStreaming }: CodeBlockProps) {
  const [lines, setLines] = useState<readonly (readonly HighlightToken[])[] | undefined>();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (isStreaming) return;
    let isCurrent = true;
    void import('./highlight.ts')
      .then(({ highlight }) => highlight(code, language))
      .then((result) => isCurrent && setLines(result));
    return () => {
      isCurrent = false;
    };
  }, [code, language, isStreaming]);
  const copy = () =>
    void navigator.clipboard.writeText(code).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    });
  return (
    <figure className={styles.code}>
      <figcaption className={styles.codeHead}>
        <span>{language || 'text'}</span>
        <IconButton
          label={isCopied ? 'Copied' : 'Copy code'}
          icon={isCopied ? <Check /> : <Copy />}
          onClick={copy}
        />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide block must be scrollable with the keyboard */}
      <pre tabIndex={0}>
        <code>
          {lines
            ? lines.map((tokens, line) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
                <span key={line}>
                  {tokens.map(({ content, offset, htmlStyle }) => (
                    <span key={offset} style={htmlStyle as CSSProperties}>
                      {content}
                    </span>
                  ))}
                  {'\n'}
                </span>
              ))
            : code}
        </code>
      </pre>
    </figure>
  );
}
