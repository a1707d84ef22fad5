import type { Command } from '#shared/command.ts';
import type { SettingsController } from './settings-controller.ts';
import { SETTINGS_SECTIONS, type SettingsSection } from './settings-sections.ts';

/** What can be set from anywhere. `show` opens a section of the settings. */
export function settingsCommands(
  controller: SettingsController,
  show: (section: SettingsSection | undefined) => void,
): readonly Command[] {
  const theme = (value: 'light' | 'dark' | 'system', label: string): Command => ({
    id: `settings.theme-${value}`,
    label,
    group: 'View',
    isAvailable: () => controller.current().theme !== value,
    perform: () => controller.change({ theme: value }),
  });
  return [
    {
      id: 'settings.show',
      label: 'Settings',
      group: 'View',
      keys: 'mod+,',
      perform: () => show(undefined),
    },
    theme('light', 'Light theme'),
    theme('dark', 'Dark theme'),
    theme('system', 'Theme of the system'),
    ...SETTINGS_SECTIONS.map(
      ({ id, label }): Command => ({
        id: `settings.${id}`,
        label: `Settings: ${label}`,
        group: 'Settings',
        perform: () => show(id),
      }),
    ),
  ];
}
