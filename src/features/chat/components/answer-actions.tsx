import { Copy, FastForward, ListChecks, Quote, RefreshCw, Star, Trash2 } from 'lucide-react';
import { textOf } from '#core/chat/index.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Menu } from '#ui/menu.tsx';
import { AnswerFigures } from './answer-figures.tsx';
import styles from './message.module.css';
import type { MessageViewProps } from './message-view.tsx';
import { Siblings } from './siblings.tsx';

/** What can be done with an answer; with sources it can be checked, and copied together with them. */
export function AnswerActions(props: MessageViewProps & { readonly hasSources: boolean }) {
  const { message, actions, hasSources } = props;
  const text = textOf(message);
  return (
    <div className={styles.actions}>
      <Siblings {...props} />
      {text === '' ? null : (
        <IconButton label="Copy answer" icon={<Copy />} onClick={() => actions.onCopy(text)} />
      )}
      {hasSources && text !== '' ? (
        <>
          <Menu
            trigger={<IconButton label="Copy with references" icon={<Quote />} />}
            items={[
              {
                id: 'markdown',
                label: 'Markdown with numbers',
                onSelect: () => actions.onCopyAs(message.id, 'markdown'),
              },
              {
                id: 'footnotes',
                label: 'Markdown with footnotes',
                onSelect: () => actions.onCopyAs(message.id, 'footnotes'),
              },
              {
                id: 'bibtex',
                label: 'Sources as BibTeX',
                onSelect: () => actions.onCopyAs(message.id, 'bibtex'),
              },
            ]}
          />
          <IconButton
            label="Check answer"
            icon={<ListChecks />}
            onClick={() => actions.onCheck(message.id)}
          />
          <IconButton
            label="Star: add to a question set"
            icon={<Star />}
            onClick={() => actions.onStar(message.id)}
          />
        </>
      ) : null}
      <IconButton
        label="Answer again"
        icon={<RefreshCw />}
        onClick={() => actions.onRegenerate(message.id)}
      />
      {text === '' ? null : (
        <IconButton label="Continue" icon={<FastForward />} onClick={() => actions.onContinue(message.id)} />
      )}
      <IconButton label="Delete answer" icon={<Trash2 />} onClick={() => actions.onDelete(message.id)} />
      <AnswerFigures message={message} />
    </div>
  );
}
