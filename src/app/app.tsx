import { Boxes, Images, LibraryBig, MessageSquare } from 'lucide-react';
import { lazy, Suspense, useCallback, useLayoutEffect, useMemo, useState } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { useStore } from 'zustand';
import { ActivityBar } from '#features/jobs/index.ts';
import { ModelsScreen, StepDownDialog } from '#features/models/index.ts';
import type { Command } from '#shared/command.ts';
import { BannerList } from './banner-list.tsx';
import type { Banners } from './banners.ts';
import { CommandPalette } from './command-palette/index.ts';
import { appCommands } from './commands.ts';
import { ErrorBoundary } from './error-boundary/error-boundary.tsx';
import { ChatPlace } from './places/chat-place.tsx';
import { LibraryPlace } from './places/library-place.tsx';
import { SettingsPlace } from './places/settings-place.tsx';
import type { Services } from './services.ts';
import { type Place, Shell } from './shell/shell.tsx';
import { bindShortcuts, ShortcutsHelp } from './shortcuts/index.ts';

const PLACES: readonly Place[] = [
  { path: '/chat', label: 'Chat', icon: <MessageSquare /> },
  { path: '/library', label: 'Library', icon: <LibraryBig /> },
  { path: '/pictures', label: 'Pictures', icon: <Images /> },
  { path: '/models', label: 'Models', icon: <Boxes /> },
];

// Measuring is rare: its controller and screen are fetched when they are wanted.
const EvalsPlace = lazy(() =>
  import('./places/evals-place.tsx').then(({ EvalsPlace: load }) => ({ default: load })),
);

const ImagesPlace = lazy(() =>
  import('./places/images-place.tsx').then(({ ImagesPlace: load }) => ({ default: load })),
);

/** The commands as they are now, for the palette and the keyboard. */
function useCommands(
  services: Services,
  openPalette: () => void,
  openHelp: () => void,
): () => readonly Command[] {
  const [, navigate] = useLocation();
  const commands = useCallback(
    () => appCommands(services, { navigate, openPalette, openHelp }),
    [services, navigate, openPalette, openHelp],
  );
  // Before the page is painted: a key that is pressed as soon as something can be seen is not lost.
  useLayoutEffect(() => bindShortcuts(commands), [commands]);
  return commands;
}

function Screens({
  services,
  commands,
}: {
  readonly services: Services;
  readonly commands: () => readonly Command[];
}) {
  return (
    <Switch>
      <Route path="/chat/:id?">{({ id }) => <ChatPlace services={services} threadId={id} />}</Route>
      <Route path="/library/:id?">{({ id }) => <LibraryPlace services={services} documentId={id} />}</Route>
      <Route path="/pictures">
        <Suspense fallback={null}>
          <ImagesPlace services={services} />
        </Suspense>
      </Route>
      <Route path="/models">
        <ModelsScreen controller={services.models} />
      </Route>
      <Route path="/evals">
        <Suspense fallback={null}>
          <EvalsPlace services={services} />
        </Suspense>
      </Route>
      <Route path="/settings/:section?">
        {({ section }) => <SettingsPlace services={services} section={section} commands={commands} />}
      </Route>
      <Route>
        <Redirect to="/chat" replace />
      </Route>
    </Switch>
  );
}

export function App({ services, banners }: { readonly services: Services; readonly banners: Banners }) {
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const openPalette = useCallback(() => setPaletteOpen((isOpen) => !isOpen), []);
  const openHelp = useCallback(() => setHelpOpen(true), []);
  const commands = useCommands(services, openPalette, openHelp);
  const [location] = useLocation();
  const threads = useStore(services.chat.store, (state) => state.threads);
  // biome-ignore lint/correctness/useExhaustiveDependencies: threads are commands too; read again when it opens
  const shown = useMemo(commands, [commands, threads, isPaletteOpen, isHelpOpen]);
  return (
    <>
      <Shell
        places={PLACES}
        egress={services.egress}
        onOpenPalette={openPalette}
        activity={<ActivityBar controller={services.jobList} />}
        banner={<BannerList banners={banners} onUpdate={services.pwa.applyUpdate} />}
      >
        <ErrorBoundary resetKey={location}>
          <Screens services={services} commands={commands} />
        </ErrorBoundary>
      </Shell>
      <CommandPalette commands={shown} open={isPaletteOpen} onOpenChange={setPaletteOpen} />
      <ShortcutsHelp commands={shown} open={isHelpOpen} onOpenChange={setHelpOpen} />
      <StepDownDialog controller={services.models} />
    </>
  );
}
