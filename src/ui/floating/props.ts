import type { ReactElement, ReactNode } from 'react';

// Apart from the components: what shows at once and what is fetched later both need them.

export interface TooltipProps {
  readonly label: string;
  readonly children: ReactElement;
}

export interface PopoverProps {
  readonly trigger: ReactElement;
  readonly children: ReactNode;
  readonly openOnHover?: boolean;
  /** A press is the trigger's own: it does something else and takes what hovered away. */
  readonly pressCloses?: boolean;
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly className?: string;
  /** Accessible name of the popup. */
  readonly label?: string;
}

interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
  readonly shortcut?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
}

export interface MenuProps {
  readonly trigger: ReactElement;
  readonly items: readonly (MenuItem | 'separator')[];
}

export interface DialogProps {
  readonly title: string;
  readonly description?: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly children?: ReactNode;
  readonly footer?: ReactNode;
  readonly isWide?: boolean;
}

export interface SheetProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  /** What is in it brings its own head, with a button that closes. */
  readonly hasOwnHead?: boolean;
  readonly children: ReactNode;
}
