import { PanelLeft, PanelRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { IconButton } from './icon-button.tsx';
import styles from './screen.module.css';
import { Sheet } from './sheet.tsx';
import { useMedia } from './use-media.ts';

export interface ScreenProps {
  readonly list?: ReactNode;
  readonly listLabel?: string;
  readonly inspector?: ReactNode;
  readonly inspectorLabel?: string;
  /** The inspector brings its own head, with a button that closes it. */
  readonly inspectorHasHead?: boolean;
  readonly isInspectorOpen?: boolean;
  readonly onInspectorOpenChange?: (open: boolean) => void;
  /** Title and actions above the work. */
  readonly toolbar?: ReactNode;
  readonly children: ReactNode;
  /** Narrow pages show one zone: the list or the work. */
  readonly isListShownWhenNarrow?: boolean;
  readonly onListShownWhenNarrowChange?: (shown: boolean) => void;
}

/** A choice of this device: kept over reloads, shared by all screens. */
function useKept(key: string, initial: boolean): [boolean, (value: boolean) => void] {
  const [value, setValue] = useState(() => {
    const kept = localStorage.getItem(key);
    return kept === null ? initial : kept === 'true';
  });
  return [
    value,
    (next) => {
      localStorage.setItem(key, String(next));
      setValue(next);
    },
  ];
}

/** The frame of every screen: list | work | inspector. Under 720 px one zone shows at a time, the inspector as a sheet. */
export function Screen(props: ScreenProps) {
  const { list, inspector, toolbar, children, listLabel = 'List', inspectorLabel = 'Inspector' } = props;
  const isNarrow = useMedia('(max-width: 719px)');
  const isTight = useMedia('(max-width: 1023px)');
  const [isListOpen, setListOpen] = useKept('benchtop-list-open', true);
  const [isKeptOpen, setKeptOpen] = useKept('benchtop-inspector-open', true);
  const [isSheetOpen, setSheetOpen] = useState(false);
  const isOverlay = isTight;
  const isInspectorOpen = props.isInspectorOpen ?? (isOverlay ? isSheetOpen : isKeptOpen);
  const setInspectorOpen = (open: boolean) => {
    if (props.onInspectorOpenChange) props.onInspectorOpenChange(open);
    else if (isOverlay) setSheetOpen(open);
    else setKeptOpen(open);
  };
  const showsList = list !== undefined && (isNarrow ? (props.isListShownWhenNarrow ?? false) : isListOpen);
  const showsWork = !(isNarrow && showsList);
  const toggleList = () =>
    isNarrow ? props.onListShownWhenNarrowChange?.(!showsList) : setListOpen(!isListOpen);

  return (
    <div className={styles.screen}>
      {showsList ? (
        <nav className={styles.list} aria-label={listLabel}>
          {list}
        </nav>
      ) : null}
      {showsWork ? (
        <div className={styles.work}>
          <header className={styles.toolbar}>
            {list === undefined ? null : (
              <IconButton
                label={showsList ? `Hide ${listLabel.toLowerCase()}` : `Show ${listLabel.toLowerCase()}`}
                icon={<PanelLeft />}
                onClick={toggleList}
              />
            )}
            <div className={styles.toolbarContent}>{toolbar}</div>
            {inspector === undefined ? null : (
              <IconButton
                label={
                  isInspectorOpen
                    ? `Hide ${inspectorLabel.toLowerCase()}`
                    : `Show ${inspectorLabel.toLowerCase()}`
                }
                icon={<PanelRight />}
                onClick={() => setInspectorOpen(!isInspectorOpen)}
              />
            )}
          </header>
          {children}
        </div>
      ) : null}
      {inspector !== undefined && isInspectorOpen && !isOverlay ? (
        <aside className={styles.inspector} aria-label={inspectorLabel}>
          {inspector}
        </aside>
      ) : null}
      {inspector !== undefined && isOverlay ? (
        <Sheet
          open={isInspectorOpen}
          onOpenChange={setInspectorOpen}
          title={inspectorLabel}
          hasOwnHead={props.inspectorHasHead ?? false}
        >
          {inspector}
        </Sheet>
      ) : null}
    </div>
  );
}
