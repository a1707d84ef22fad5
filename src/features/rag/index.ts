export { DocumentViewer, LibraryScreen } from './lazy-screens.tsx';
export { libraryCommands } from './library-commands.ts';
export { createLibraryController } from './library-controller.ts';
export type { LibraryScreenProps } from './library-screen.tsx';
export type { DocumentTarget } from './library-state.ts';
export { createRemoval } from './removal.ts';
