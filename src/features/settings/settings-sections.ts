export const SETTINGS_SECTIONS = [
  { id: 'appearance', label: 'Appearance' },
  { id: 'chat', label: 'Chat' },
  { id: 'documents', label: 'Documents' },
  { id: 'privacy', label: 'Privacy' },
  { id: 'storage', label: 'Storage' },
  { id: 'keyboard', label: 'Keyboard' },
  { id: 'about', label: 'About' },
] as const;

export type SettingsSection = (typeof SETTINGS_SECTIONS)[number]['id'];

/** A part of an address, or undefined when there is no such section. */
export function parseSection(text: string | undefined): SettingsSection | undefined {
  return SETTINGS_SECTIONS.find(({ id }) => id === text)?.id;
}
