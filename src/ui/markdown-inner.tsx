import { memo, type ReactNode, useMemo, useState } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import { CodeBlock } from './code-block.tsx';
import { ConfirmDialog } from './dialog.tsx';
import { Formula } from './formula.tsx';
import styles from './markdown.module.css';
import { splitBlocks } from './markdown-blocks.ts';
import { rehypeAnswer, type SentenceMark } from './markdown-plugins.ts';

export interface MarkdownInnerProps {
  readonly text: string;
  readonly isStreaming: boolean;
  readonly renderCitation?: (number: number) => ReactNode;
  readonly sentenceMarks?: readonly SentenceMark[];
}

const REMARK = [remarkGfm, [remarkMath, { singleDollarTextMath: false }]] as const;
const NO_MARKS: readonly SentenceMark[] = [];

/** Only addresses that a person may want to visit; everything else is shown as text. */
function safeAddress(address: string | undefined): string | undefined {
  try {
    const { protocol, href } = new URL(address ?? '');
    return protocol === 'https:' || protocol === 'http:' || protocol === 'mailto:' ? href : undefined;
  } catch {
    return undefined;
  }
}

/** A link leaves this page: it says where to, and asks. */
function OutsideLink({
  href,
  children,
}: {
  readonly href: string | undefined;
  readonly children: ReactNode;
}) {
  const [isAsking, setAsking] = useState(false);
  const address = safeAddress(href);
  if (address === undefined) return <span>{children}</span>;
  return (
    <>
      <a
        href={address}
        rel="noopener noreferrer"
        target="_blank"
        onClick={(event) => {
          event.preventDefault();
          setAsking(true);
        }}
      >
        {children}
      </a>
      <ConfirmDialog
        title="Open this address?"
        description={address}
        confirmLabel="Open in a new tab"
        open={isAsking}
        onOpenChange={setAsking}
        onConfirm={() => window.open(address, '_blank', 'noopener,noreferrer')}
      />
    </>
  );
}

function isOurs(src: string | undefined): boolean {
  try {
    return src !== undefined && new URL(src, location.href).origin === location.origin;
  } catch {
    return false; // not an address at all
  }
}

/** A remote picture is the known way to send data out of an answer: its address is shown, nothing is requested. */
function Picture({ src, alt }: { readonly src: string | undefined; readonly alt: string | undefined }) {
  if (isOurs(src)) return <img src={src} alt={alt ?? ''} />;
  return (
    <span className={styles.blocked} title={src}>
      Picture not loaded: {alt || src}
    </span>
  );
}

function codeOf(children: ReactNode): { readonly code: string; readonly language: string } {
  const element = Array.isArray(children) ? children[0] : children;
  const props = (element as { props?: { className?: string; children?: ReactNode } } | undefined)?.props;
  return {
    code: String(props?.children ?? '').replace(/\n$/, ''),
    language: /language-([\w+#-]+)/.exec(props?.className ?? '')?.[1] ?? '',
  };
}

function componentsFor(
  isStreaming: boolean,
  renderCitation: MarkdownInnerProps['renderCitation'],
): Components {
  return {
    a: ({ href, children }) => <OutsideLink href={href}>{children}</OutsideLink>,
    img: ({ src, alt }) => <Picture src={typeof src === 'string' ? src : undefined} alt={alt} />,
    pre: ({ children }) => {
      const { code, language } = codeOf(children);
      if (language === 'math') return <Formula source={code} isDisplay />;
      return <CodeBlock code={code} language={language} isStreaming={isStreaming} />;
    },
    code: ({ className, children }) =>
      className?.includes('math-inline') ? (
        <Formula source={String(children)} isDisplay={false} />
      ) : (
        <code className={className}>{children}</code>
      ),
    table: ({ children }) => (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable with the keyboard
      <section className={styles.table} tabIndex={0} aria-label="Table">
        <table>{children}</table>
      </section>
    ),
    cite: ({ node }) => {
      const number = Number(node?.properties.dataNumber);
      return renderCitation ? renderCitation(number) : `[${number}]`;
    },
    mark: ({ node, children }) => (
      <mark
        className={styles.found}
        data-kind={node?.properties.dataKind}
        title={`${node?.properties.title}`}
      >
        {children}
      </mark>
    ),
  };
}

interface BlockProps extends MarkdownInnerProps {
  /** Of the text that the marks refer to. */
  readonly start: number;
}

const Block = memo(function Block({
  text,
  start,
  isStreaming,
  renderCitation,
  sentenceMarks = NO_MARKS,
}: BlockProps) {
  const components = useMemo(() => componentsFor(isStreaming, renderCitation), [isStreaming, renderCitation]);
  const marks = sentenceMarks
    .filter((mark) => mark.start < start + text.length && mark.end > start)
    .map((mark) => ({ ...mark, start: mark.start - start, end: mark.end - start }));
  return (
    <ReactMarkdown
      remarkPlugins={REMARK as never}
      rehypePlugins={[[rehypeAnswer, { marks, hasCitations: renderCitation !== undefined }]]}
      components={components}
      urlTransform={(url) => url}
    >
      {text}
    </ReactMarkdown>
  );
});

export function MarkdownInner(props: MarkdownInnerProps) {
  const blocks = splitBlocks(props.text);
  return (
    <div className={styles.markdown}>
      {blocks.map(({ text, start }, index) => (
        <Block
          key={start}
          {...props}
          text={text}
          start={start}
          isStreaming={props.isStreaming && index === blocks.length - 1}
        />
      ))}
    </div>
  );
}
