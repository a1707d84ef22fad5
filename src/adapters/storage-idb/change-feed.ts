import type { ChangeFeed, RepositoryChange } from '#core/ports/repositories.ts';

export interface AnnouncingFeed extends ChangeFeed {
  /** Tells this context and all others, after the transaction has committed. */
  announce(...changes: readonly RepositoryChange[]): void;
  close(): void;
}

/** Changes of one database, over a BroadcastChannel: tabs and workers hear each other; the own context is told directly. */
export function createChangeFeed(databaseName: string): AnnouncingFeed {
  const channel = new BroadcastChannel(`${databaseName}-changes`);
  const listeners = new Set<(change: RepositoryChange) => void>();
  let isClosed = false;
  const tell = (change: RepositoryChange): void => {
    for (const listener of [...listeners]) {
      try {
        listener(change);
      } catch (error) {
        reportError(error); // a listener's fault is not the fault of the write that is announced
      }
    }
  };
  channel.addEventListener('message', ({ data }: MessageEvent<RepositoryChange>) => tell(data));
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    announce(...changes) {
      for (const change of changes) {
        if (isClosed) return;
        channel.postMessage(change);
        tell(change);
      }
    },
    close() {
      isClosed = true;
      listeners.clear();
      channel.close();
    },
  };
}
