import { createWebLocks } from './index.ts';

/** Takes the lock that it is told and never gives it back. */
addEventListener('message', ({ data }: MessageEvent<string>) => {
  void createWebLocks('test').hold(data, () => {
    postMessage('held');
    return new Promise<void>(() => {});
  });
});
