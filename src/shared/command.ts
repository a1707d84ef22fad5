/** A command is data: menu, palette and shortcut come from one list. */
export interface Command {
  readonly id: string;
  readonly label: string;
  /** Heading in the palette: 'Chat', 'Library', 'Models', 'View'. */
  readonly group: string;
  /** 'mod+k', 'mod+shift+o', 'escape', 'g c' is not supported. `mod` is ⌘ on Apple, Ctrl elsewhere. */
  readonly keys?: string;
  /** Absent = always. */
  readonly isAvailable?: () => boolean;
  readonly perform: () => void | Promise<void>;
}
