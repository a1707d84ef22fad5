import { createStore } from 'zustand/vanilla';
import type { AppError } from '#shared/errors.ts';

/** Something that concerns the whole page. */
export type Banner =
  /** A newer version is downloaded and waits. */
  | { readonly id: 'update' }
  /** Nothing can be stored from here any more. */
  | { readonly id: 'storage'; readonly error: AppError };

export function createBanners() {
  const store = createStore<readonly Banner[]>(() => []);
  return {
    store,
    show: (banner: Banner): void =>
      store.setState([...store.getState().filter(({ id }) => id !== banner.id), banner], true),
    hide: (id: Banner['id']): void =>
      store.setState(
        store.getState().filter((banner) => banner.id !== id),
        true,
      ),
  };
}

export type Banners = ReturnType<typeof createBanners>;
