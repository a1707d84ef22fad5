export type { DocumentViewerProps } from './components/document-viewer.tsx';
export { DocumentViewer, LibraryScreen } from './lazy-screens.tsx';
export { libraryCommands } from './library-commands.ts';
export { createLibraryController, type LibraryController } from './library-controller.ts';
export type { LibraryScreenProps } from './library-screen.tsx';
export type { DocumentTarget, LibraryDependencies, Span } from './library-state.ts';
