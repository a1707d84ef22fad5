export type { EmbedderChoice } from './components/documents-page.tsx';
export type { AddedServer } from './components/privacy-page.tsx';
export { SettingsScreen } from './lazy-screen.tsx';
export { type Settings, samplingOf } from './settings.ts';
export { settingsCommands } from './settings-commands.ts';
export { createSettingsController, type SettingsController } from './settings-controller.ts';
export type { SettingsScreenProps } from './settings-screen.tsx';
export { parseSection, type SettingsSection } from './settings-sections.ts';
export type { SettingsDependencies, StorageReport } from './settings-state.ts';
