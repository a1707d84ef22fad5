import { FileText } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MessagePart, SearchWording, SentenceSupport, SourcePassage } from '#core/ports/chat-records.ts';
import { Markdown } from '#ui/markdown.tsx';
import type { CitedText } from '../placed-citations.ts';
import { placeOf } from './citation.tsx';
import styles from './message.module.css';
import { Reasoning } from './reasoning.tsx';

interface PartViewProps {
  readonly part: MessagePart;
  readonly isStreaming: boolean;
  readonly renderCitation: ((number: number) => ReactNode) | undefined;
  /** The text with its references, once the sentences were aligned. */
  readonly cited: CitedText | undefined;
  readonly onOpenSource: (passage: SourcePassage, support: SentenceSupport | undefined) => void;
}

/** One part of an answer. */
export function PartView({ part, isStreaming, renderCitation, cited, onOpenSource }: PartViewProps) {
  switch (part.type) {
    case 'text':
      return (
        <Markdown
          text={cited?.text ?? part.text}
          isStreaming={isStreaming}
          {...(cited ? { sentenceMarks: cited.marks } : {})}
          {...(renderCitation ? { renderCitation } : {})}
        />
      );
    case 'reasoning':
      return <Reasoning text={part.text} durationMs={part.durationMs} isStreaming={isStreaming} />;
    case 'notice':
      return <p className={styles.notice}>{part.text}</p>;
    case 'sources':
      return (
        <>
          <Wordings wordings={part.wordings ?? []} />
          {part.isWhole ? (
            <WholeSource passages={part.passages} onOpenSource={onOpenSource} />
          ) : (
            <SourceStrip passages={part.passages} leftOut={part.leftOut} onOpenSource={onOpenSource} />
          )}
        </>
      );
    case 'supports':
    case 'image': // brought by questions only
      return null;
  }
}

const WORDING_NAMES: Readonly<Record<SearchWording['kind'], string>> = {
  rewritten: 'As a question of its own',
  variant: 'In other words',
  hypothetical: 'Made-up answer, for the search only',
};

/** What was searched for beside the question. */
function Wordings({ wordings }: { readonly wordings: readonly SearchWording[] }) {
  if (wordings.length === 0) return null;
  return (
    <details className={styles.wordings}>
      <summary>
        Also searched for {wordings.length === 1 ? 'one other wording' : `${wordings.length} other wordings`}
      </summary>
      <dl>
        {wordings.map(({ kind, text }) => (
          <div key={`${kind} ${text}`}>
            <dt>{WORDING_NAMES[kind]}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** One entry for all: the passages that the answer cites are behind its references. */
function WholeSource({ passages, onOpenSource }: Omit<SourceStripProps, 'leftOut'>) {
  const [first] = passages;
  if (first === undefined) return null;
  return (
    <ol className={styles.sources} aria-label="Sources">
      <li>
        <button type="button" className={styles.source} onClick={() => onOpenSource(first, undefined)}>
          <FileText aria-hidden />
          <span className={styles.sourcePlace}>
            The whole of {first.documentName}, {passages.length} passages
          </span>
        </button>
      </li>
    </ol>
  );
}

interface SourceStripProps {
  readonly passages: readonly SourcePassage[];
  readonly leftOut: number;
  readonly onOpenSource: (passage: SourcePassage, support: SentenceSupport | undefined) => void;
}

function SourceStrip({ passages, leftOut, onOpenSource }: SourceStripProps) {
  if (passages.length === 0) return null;
  return (
    <ol className={styles.sources} aria-label="Sources">
      {passages.map((passage) => (
        <li key={passage.number}>
          <button type="button" className={styles.source} onClick={() => onOpenSource(passage, undefined)}>
            <FileText aria-hidden />
            <span className={styles.sourceNumber}>{passage.number}</span>
            <span className={styles.sourcePlace}>{placeOf(passage)}</span>
          </button>
        </li>
      ))}
      {leftOut > 0 ? <li className={styles.leftOut}>{leftOut} did not fit into the prompt</li> : null}
    </ol>
  );
}
