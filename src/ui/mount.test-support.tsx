import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import './base.css';
import { Toaster } from './toast.tsx';

/** Puts something into the page; `set` shows something else in its place. */
export function mount(node: ReactNode, style: Partial<CSSStyleDeclaration> = {}) {
  const container = document.createElement('div');
  Object.assign(container.style, style);
  document.body.append(container);
  const root = createRoot(container);
  root.render(node);
  return {
    container,
    set: (next: ReactNode): void => root.render(next),
    hide(): void {
      root.unmount();
      container.remove();
    },
  };
}

/** A screen as high as the window, with the messages at its foot. */
export function mountScreen(screen: ReactNode) {
  const withMessages = (node: ReactNode): ReactNode => (
    <>
      {node}
      <Toaster />
    </>
  );
  const mounted = mount(withMessages(screen), { height: '100vh' });
  return { ...mounted, set: (next: ReactNode): void => mounted.set(withMessages(next)) };
}
