import { useStore } from 'zustand';
import { Button } from '#ui/button.tsx';
import styles from './banner-list.module.css';
import type { Banners } from './banners.ts';

export interface BannerListProps {
  readonly banners: Banners;
  readonly onUpdate: () => void;
}

/** Messages that concern the whole page, above whatever screen is open. */
export function BannerList({ banners, onUpdate }: BannerListProps) {
  const shown = useStore(banners.store);
  return shown.map((banner) =>
    banner.id === 'update' ? (
      <div key={banner.id} className={styles.banner} role="status">
        <p>A newer Benchtop is ready.</p>
        <Button size="small" onClick={onUpdate}>
          Reload with it
        </Button>
        <Button size="small" variant="quiet" onClick={() => banners.hide('update')}>
          Later
        </Button>
      </div>
    ) : (
      <div key={banner.id} className={styles.banner} role="alert" data-code={banner.error.code}>
        <p>{banner.error.message}</p>
        <Button size="small" onClick={() => location.reload()}>
          Reload
        </Button>
      </div>
    ),
  );
}
