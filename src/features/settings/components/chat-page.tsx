import { useEffect, useRef, useState } from 'react';
import { SAMPLING_PRESETS } from '#core/chat/index.ts';
import { ChoiceGroup } from '#ui/choice-group.tsx';
import { Kbd } from '#ui/kbd.tsx';
import { TextArea } from '#ui/text-field.tsx';
import { MAX_SYSTEM_PROMPT_CHARACTERS, type Settings } from '../settings.ts';
import type { SettingsController } from '../settings-controller.ts';
import { Section } from './section.tsx';

const SAVE_AFTER_MS = 400;

/** Saved while one types, and at the latest when one leaves: what is on the screen is on the disk. */
function SystemPrompt({
  stored,
  onSave,
}: {
  readonly stored: string;
  readonly onSave: (text: string) => void;
}) {
  const [draft, setDraft] = useState<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const save = useRef<() => void>(undefined);
  save.current = draft === undefined ? undefined : () => onSave(draft);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      save.current?.();
    },
    [],
  );
  const saveNow = (): void => {
    clearTimeout(timer.current);
    save.current?.();
    setDraft(undefined);
  };
  return (
    <TextArea
      label="Instructions for new chats"
      description="Sent before every first question. Each chat can have its own."
      placeholder="You are a careful assistant. Answer briefly."
      rows={5}
      maxLength={MAX_SYSTEM_PROMPT_CHARACTERS}
      value={draft ?? stored}
      onChange={(event) => {
        setDraft(event.target.value);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => save.current?.(), SAVE_AFTER_MS);
      }}
      onBlur={saveNow}
    />
  );
}

export function ChatPage({
  controller,
  settings,
}: {
  readonly controller: SettingsController;
  readonly settings: Settings;
}) {
  return (
    <Section
      title="Chat"
      isTitleHidden
      text="What new chats begin with. Chats that exist keep what they have."
    >
      <SystemPrompt
        stored={settings.systemPrompt}
        onSave={(systemPrompt) => void controller.change({ systemPrompt })}
      />
      <ChoiceGroup
        label="Wording"
        value={settings.presetId}
        onChange={(presetId) => void controller.change({ presetId })}
        choices={SAMPLING_PRESETS.map(({ id, label, description }) => ({ value: id, label, description }))}
      />
      <ChoiceGroup
        label="Send with"
        value={settings.sendKey}
        onChange={(sendKey) => void controller.change({ sendKey })}
        choices={[
          {
            value: 'enter',
            label: 'Enter',
            description: (
              <>
                <Kbd keys="shift+enter" /> starts a new line
              </>
            ),
          },
          {
            value: 'mod+enter',
            label: 'Ctrl or ⌘ with Enter',
            description: (
              <>
                <Kbd keys="mod+enter" /> sends, <Kbd keys="enter" /> starts a new line
              </>
            ),
          },
        ]}
      />
    </Section>
  );
}
