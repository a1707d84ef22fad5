import { describeLocks } from '#core/ports/locks.conformance.ts';
import { createWebLocks } from './index.ts';

describeLocks('web-locks', async () => ({
  locks: createWebLocks('test'),
  otherTab: createWebLocks('test'),
  async openDoomedTab() {
    const worker = new Worker(new URL('./holder.test-worker.ts', import.meta.url), { type: 'module' });
    return {
      hold: (name) =>
        new Promise((resolve, reject) => {
          worker.onmessage = () => resolve();
          worker.onerror = () => reject(new Error('The worker that should hold a lock did not start'));
          worker.postMessage(name);
        }),
      kill: () => worker.terminate(),
    };
  },
}));
