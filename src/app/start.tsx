import { createRoot, type Root } from 'react-dom/client';
import { type AppError, toAppError } from '#shared/errors.ts';
import { App } from './app.tsx';
import { createBanners } from './banners.ts';
import { type Services, startServices } from './services.ts';
import { StartNotice } from './start-notice.tsx';

async function open(view: Root, banners: ReturnType<typeof createBanners>): Promise<Services> {
  return startServices({
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
    const services = await open(view, banners);
    services.pwa.onUpdateReady(() => banners.show({ id: 'update' }));
    view.render(<App services={services} banners={banners} />);
  } catch (error) {
    const { message, code } = toAppError(error);
    view.render(<StartNotice title="Benchtop could not start" text={message} code={code} />);
  }
}
