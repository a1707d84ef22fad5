export type { EmbedderChoice } from './components/documents-page.tsx';
export type { AddedServer } from './components/privacy-page.tsx';
export { SettingsScreen } from './lazy-screen.tsx';
export { samplingOf } from './settings.ts';
export { settingsCommands } from './settings-commands.ts';
export { createSettingsController, type SettingsController } from './settings-controller.ts';
export type { SettingsScreenProps } from './settings-screen.tsx';
export { parseSection } from './settings-sections.ts';
export type { StorageReport } from './settings-state.ts';
