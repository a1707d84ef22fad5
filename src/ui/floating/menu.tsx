import { Menu as Base } from '@base-ui/react/menu';
import { classNames } from '../class-names.ts';
import { Kbd } from '../kbd.tsx';
import styles from './floating.module.css';
import type { MenuProps } from './props.ts';

export function Menu({ trigger, items, isOpenAtFirst }: MenuProps & { readonly isOpenAtFirst: boolean }) {
  return (
    <Base.Root modal={false} defaultOpen={isOpenAtFirst}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="end" className={styles.positioner} collisionPadding={8}>
          <Base.Popup className={classNames(styles.popup, styles.menu)}>
            {items.map((item, index) =>
              item === 'separator' ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: a separator has no identity but its place
                <Base.Separator key={index} className={styles.separator} />
              ) : (
                <Base.Item
                  key={item.id}
                  className={classNames(styles.item, item.danger && styles.danger)}
                  disabled={item.disabled ?? false}
                  onClick={item.onSelect}
                >
                  {item.icon}
                  <span className={styles.label}>{item.label}</span>
                  {item.shortcut ? <Kbd keys={item.shortcut} /> : null}
                </Base.Item>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
