import { ChoiceGroup } from '#ui/choice-group.tsx';
import type { Settings } from '../settings.ts';
import type { SettingsController } from '../settings-controller.ts';
import { Section } from './section.tsx';

export function AppearancePage({
  controller,
  settings,
}: {
  readonly controller: SettingsController;
  readonly settings: Settings;
}) {
  return (
    <Section title="Appearance" isTitleHidden>
      <ChoiceGroup
        label="Theme"
        isRow
        value={settings.theme}
        onChange={(theme) => void controller.change({ theme })}
        choices={[
          { value: 'system', label: 'System' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
      />
      <ChoiceGroup
        label="Text size"
        isRow
        value={settings.textSize}
        onChange={(textSize) => void controller.change({ textSize })}
        choices={[
          { value: 'normal', label: 'Normal' },
          { value: 'large', label: 'Large' },
        ]}
      />
    </Section>
  );
}
