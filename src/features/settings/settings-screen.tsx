import { CircleHelp, Database, FileText, Keyboard, MessageSquare, Shield, SunMoon } from 'lucide-react';
import { type ReactElement, useState } from 'react';
import { useStore } from 'zustand';
import type { Command } from '#shared/command.ts';
import { Button } from '#ui/button.tsx';
import { ErrorCard } from '#ui/error-card.tsx';
import screen from '#ui/screen.module.css';
import { Screen } from '#ui/screen.tsx';
import { ShortcutList } from '#ui/shortcut-list.tsx';
import { AboutPage, type AboutPageProps } from './components/about-page.tsx';
import { AppearancePage } from './components/appearance-page.tsx';
import { ChatPage } from './components/chat-page.tsx';
import { DocumentsPage, type DocumentsPageProps } from './components/documents-page.tsx';
import { PrivacyPage, type PrivacyPageProps } from './components/privacy-page.tsx';
import { Section } from './components/section.tsx';
import { StoragePage } from './components/storage-page.tsx';
import styles from './settings.module.css';
import type { SettingsController } from './settings-controller.ts';
import { SETTINGS_SECTIONS, type SettingsSection } from './settings-sections.ts';

export interface SettingsScreenProps extends PrivacyPageProps, AboutPageProps, DocumentsPageProps {
  readonly controller: SettingsController;
  /** From the address; undefined = the first, or on a phone the list. */
  readonly section?: SettingsSection | undefined;
  readonly onSectionChange: (section: SettingsSection | undefined) => void;
  readonly onOpenModels?: () => void;
  /** All commands of the app, for the list of keys. */
  readonly commands: readonly Command[];
}

const ICONS: Readonly<Record<SettingsSection, ReactElement>> = {
  appearance: <SunMoon />,
  chat: <MessageSquare />,
  documents: <FileText />,
  privacy: <Shield />,
  storage: <Database />,
  keyboard: <Keyboard />,
  about: <CircleHelp />,
};

function Page(props: SettingsScreenProps & { readonly section: SettingsSection }) {
  const { controller, section, commands } = props;
  const state = useStore(controller.store);
  const { settings } = state;
  switch (section) {
    case 'appearance':
      return <AppearancePage controller={controller} settings={settings} />;
    case 'chat':
      return <ChatPage controller={controller} settings={settings} />;
    case 'documents':
      return (
        <DocumentsPage
          embedders={props.embedders}
          embedderId={props.embedderId}
          onEmbedderChange={props.onEmbedderChange}
          imageEmbedders={props.imageEmbedders}
          imageEmbedderId={props.imageEmbedderId}
          onImageEmbedderChange={props.onImageEmbedderChange}
          {...(props.onGetEmbedder ? { onGetEmbedder: props.onGetEmbedder } : {})}
        />
      );
    case 'privacy':
      return <PrivacyPage egress={props.egress} servers={props.servers} readPolicy={props.readPolicy} />;
    case 'storage':
      return (
        <StoragePage
          controller={controller}
          state={state}
          {...(props.onOpenModels ? { onOpenModels: props.onOpenModels } : {})}
        />
      );
    case 'keyboard':
      return (
        <Section title="Keyboard" isTitleHidden text="Keys without Ctrl or ⌘ do nothing while you type.">
          <ShortcutList commands={commands} />
        </Section>
      );
    case 'about':
      return (
        <AboutPage
          version={props.version}
          {...(props.licencesUrl ? { licencesUrl: props.licencesUrl } : {})}
        />
      );
  }
}

function SectionList({
  current,
  onChoose,
}: {
  readonly current: SettingsSection;
  readonly onChoose: (section: SettingsSection) => void;
}) {
  return (
    <>
      <header className={styles.listHead}>
        <h1>Settings</h1>
      </header>
      <ul className={styles.entries}>
        {SETTINGS_SECTIONS.map(({ id, label }) => (
          <li key={id}>
            <button
              type="button"
              className={styles.entry}
              {...(id === current ? { 'aria-current': 'page' as const } : {})}
              onClick={() => onChoose(id)}
            >
              {ICONS[id]}
              {label}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** All that can be chosen, and what is known of privacy and storage. A change takes effect at once, in every tab. */
export function SettingsScreen(props: SettingsScreenProps) {
  const { controller, section, onSectionChange } = props;
  const { isLoaded, error } = useStore(controller.store);
  const [isListShown, setListShown] = useState(section === undefined);
  const current = section ?? 'appearance';
  const label = SETTINGS_SECTIONS.find(({ id }) => id === current)?.label;
  return (
    <Screen
      listLabel="Settings"
      list={
        <SectionList
          current={current}
          onChoose={(chosen) => {
            setListShown(false);
            onSectionChange(chosen);
          }}
        />
      }
      isListShownWhenNarrow={isListShown}
      onListShownWhenNarrowChange={setListShown}
      toolbar={<span className={styles.title}>{label}</span>}
    >
      <div className={screen.scroller}>
        <div className={styles.page} data-testid={`settings-${current}`}>
          {error ? (
            <ErrorCard
              error={error}
              actions={
                <Button size="small" onClick={() => void controller.reload()}>
                  Try again
                </Button>
              }
            />
          ) : null}
          {isLoaded ? <Page {...props} section={current} /> : null}
        </div>
      </div>
    </Screen>
  );
}
