import { ArrowUp, Library, Square, X } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import type { CollectionRecord } from '#core/ports/library-records.ts';
import { Button } from '#ui/button.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Meter } from '#ui/meter.tsx';
import { Popover } from '#ui/popover.tsx';
import { Switch } from '#ui/switch.tsx';
import { Tooltip } from '#ui/tooltip.tsx';
import type { ContextUse } from '../chat-state.ts';
import type { PictureActions } from './attachments.tsx';
import styles from './composer.module.css';
import { AttachButton, Attachments } from './lazy-attachments.tsx';
import { WholeChip, WholePicker, WholeReading } from './lazy-whole.tsx';
import type { WholeActions } from './whole.tsx';

export interface ComposerProps {
  readonly draft: string;
  readonly onDraft: (text: string) => void;
  readonly onSend: () => void;
  readonly onStop: () => void;
  readonly isRunning: boolean;
  readonly placeholder: string;
  /** What sends the question; the other makes a new line. */
  readonly sendKey: 'enter' | 'mod+enter';
  readonly collections: readonly CollectionRecord[];
  readonly chosenIds: readonly string[];
  readonly onChoose: (ids: readonly string[]) => void;
  /** Passages that this chat is limited to; undefined = no limit. */
  readonly withinCount: number | undefined;
  readonly onLeaveWithin: () => void;
  readonly onOpenLibrary: () => void;
  readonly whole: WholeActions;
  readonly pictures: PictureActions;
  readonly context: ContextUse | undefined;
  /** Beside “Send”: what else writes into the box. */
  readonly dictation?: ((box: RefObject<HTMLTextAreaElement | null>) => ReactNode) | undefined;
  /** Another chat is begun with the cursor in its question. */
  readonly threadId: string | undefined;
}

export function Composer(props: ComposerProps) {
  const { draft, onDraft, onSend, onStop, isRunning, placeholder, context, pictures } = props;
  const hasPictures = pictures.images.length > 0;
  // Nothing is sent to a model that does not see it, and nothing before all of it is there.
  const isHeld = pictures.attachingCount > 0 || (hasPictures && pictures.sight === 'blind');
  const canSend = !isHeld && (hasPictures || draft.trim() !== '');
  const box = useRef<HTMLTextAreaElement>(null);
  const row = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    const area = box.current;
    if (area === null) return;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, 260)}px`;
  }, [draft]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each chat; a phone would raise its keyboard
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) box.current?.focus({ preventScroll: true });
  }, [props.threadId]);
  const isOwnFocus = useRef(false);
  const limit = props.whole.isOn ? 'whole' : props.withinCount === undefined ? 'collections' : 'within';
  // biome-ignore lint/correctness/useExhaustiveDependencies: what chooses the documents was replaced, and had the focus
  useEffect(() => {
    if (!isOwnFocus.current || document.activeElement !== document.body) return;
    const isFine = matchMedia('(pointer: fine)').matches; // a phone would raise its keyboard
    (isFine ? box.current : row.current?.querySelector('button'))?.focus({ preventScroll: true });
  }, [limit]);
  return (
    <form
      className={styles.composer}
      onFocus={() => {
        isOwnFocus.current = true;
      }}
      onBlur={() => {
        isOwnFocus.current = false;
      }}
      onSubmit={(event) => {
        event.preventDefault();
        if (canSend) onSend();
      }}
    >
      <Attachments {...pictures} />
      <WholeReading {...props.whole} />
      <textarea
        ref={box}
        className={styles.input}
        rows={1}
        aria-label="Your question"
        placeholder={placeholder}
        value={draft}
        onChange={(event) => onDraft(event.target.value)}
        onKeyDown={(event) => {
          const isEnter = event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing;
          const isWithMod = event.metaKey || event.ctrlKey;
          if (!isEnter || (props.sendKey === 'mod+enter' && !isWithMod)) return;
          event.preventDefault();
          if (!isRunning && canSend) onSend();
        }}
      />
      <div ref={row} className={styles.row}>
        {limit === 'whole' ? (
          <WholeChip {...props.whole} />
        ) : limit === 'collections' ? (
          <CollectionPicker {...props} />
        ) : (
          <Button
            size="small"
            variant="quiet"
            icon={<X />}
            className={styles.isOn ?? ''}
            onClick={props.onLeaveWithin}
          >
            {props.withinCount === 1 ? 'Only 1 passage' : `Only ${props.withinCount} passages`}
          </Button>
        )}
        <AttachButton onFiles={pictures.onFiles} />
        <span className={styles.space} />
        {context ? <ContextGauge context={context} /> : null}
        {props.dictation?.(box)}
        {isRunning ? (
          <IconButton
            label="Stop"
            icon={<Square fill="currentColor" />}
            className={styles.send ?? ''}
            onClick={onStop}
          />
        ) : (
          <IconButton
            label="Send"
            icon={<ArrowUp />}
            className={styles.send ?? ''}
            disabled={!canSend}
            onClick={onSend}
          />
        )}
      </div>
    </form>
  );
}

function CollectionPicker({ collections, chosenIds, onChoose, onOpenLibrary, whole }: ComposerProps) {
  const chosen = collections.filter(({ id }) => chosenIds.includes(id));
  const label =
    chosen.length === 0
      ? 'Documents'
      : chosen.length === 1
        ? chosen[0]?.name
        : `${chosen.length} collections`;
  return (
    <Popover
      label="Answer from documents"
      trigger={
        <Button
          size="small"
          variant="quiet"
          icon={<Library />}
          className={chosen.length > 0 ? (styles.isOn ?? '') : ''}
        >
          {label}
        </Button>
      }
    >
      <div className={styles.picker}>
        {collections.map(({ id, name }) => (
          <Switch
            key={id}
            label={name}
            checked={chosenIds.includes(id)}
            onChange={(isOn) =>
              onChoose(isOn ? [...chosenIds, id] : chosenIds.filter((other) => other !== id))
            }
          />
        ))}
        {collections.length === 0 ? (
          <p className={styles.pickerText}>Drop documents here or on the Library, then ask about them.</p>
        ) : (
          <p className={styles.pickerText}>Answers come from what is switched on, with citations.</p>
        )}
        <WholePicker {...whole} />
        <Button size="small" onClick={onOpenLibrary}>
          Open the Library
        </Button>
      </div>
    </Popover>
  );
}

function ContextGauge({ context }: { readonly context: ContextUse }) {
  const { usedTokens, contextTokens, isExact, leftOut } = context;
  const hint = [
    `${isExact ? '' : 'about '}${usedTokens} of ${contextTokens} tokens`,
    ...(leftOut.length > 0 ? [`the ${leftOut.length} oldest messages fall out`] : []),
  ].join('; ');
  return (
    <Tooltip label={`Context: ${hint}`}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the figures must be reachable with the keyboard */}
      <div className={styles.gauge} data-over={leftOut.length > 0} tabIndex={0}>
        <Meter
          value={Math.min(usedTokens, contextTokens)}
          max={contextTokens}
          label={`Context used: ${hint}`}
        />
      </div>
    </Tooltip>
  );
}
