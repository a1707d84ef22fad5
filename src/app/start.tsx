import { createRoot, type Root } from 'react-dom/client';
import { type AppError, toAppError } from '#shared/errors.ts';
import { App } from './app.tsx';
import { createBanners } from './banners.ts';
import { type Services, startServices } from './services.ts';
import { StartNotice } from './start-notice.tsx';

/** A tab in the background paints nothing: it does not wait for ever. */
const UNPAINTED_MS = 300;

async function open(
  view: Root,
  banners: ReturnType<typeof createBanners>,
  painted: Promise<void>,
): Promise<Services> {
  return startServices({
    painted,
    onBlocked: () =>
      view.render(
        <StartNotice
          title="Waiting for another tab"
          text="Another tab still runs an older Benchtop. Close it, and this one goes on."
        />,
      ),
    onStorageClosed: (error: AppError) => banners.show({ id: 'storage', error }),
  });
}

/** Opens the storage and shows the app; what keeps it from opening is shown in its place. */
export async function startApp(root: HTMLElement): Promise<void> {
  const view = createRoot(root);
  const banners = createBanners();
  try {
    let onPainted = (): void => {};
    const painted = new Promise<void>((resolve) => {
      onPainted = resolve;
    });
    const services = await open(view, banners, painted);
    services.pwa.onUpdateReady(() => banners.show({ id: 'update' }));
    view.render(<App services={services} banners={banners} />);
    requestAnimationFrame(() => setTimeout(onPainted));
    setTimeout(onPainted, UNPAINTED_MS);
  } catch (error) {
    const { message, code } = toAppError(error);
    view.render(<StartNotice title="Benchtop could not start" text={message} code={code} />);
  }
}
