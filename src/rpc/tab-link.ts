import type { Port, ToClient, ToServer } from './messages.ts';

/** The part of BroadcastChannel that a link needs. */
export interface TabChannel {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** The part of Web Locks that a link needs: waits for the lock, then runs `body` while it is held. */
export interface TabLocks {
  hold(name: string, body: () => Promise<void>, signal?: AbortSignal): Promise<void>;
}

interface Frame<M> {
  readonly kind: 'tab-link';
  readonly from: string;
  readonly to: string;
  readonly message: M;
}

type Listener<M> = (event: MessageEvent<M>) => void;

const lifeLock = (tabId: string): string => `tab-life:${tabId}`;

function frameFor<M>(data: unknown, to: string): Frame<M> | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const frame = data as Partial<Frame<M>>;
  return frame.kind === 'tab-link' && frame.to === to ? (frame as Frame<M>) : undefined;
}

/**
 * Holds the lock by which other tabs see that this one is alive; resolves when it is held. It ends with the tab, however
 * that ends, or with the signal.
 */
export function proveAlive(locks: TabLocks, tabId: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const body = (): Promise<void> => {
      resolve();
      return new Promise((end) => {
        if (signal.aborted) end();
        signal.addEventListener('abort', () => end(), { once: true });
      });
    };
    locks.hold(lifeLock(tabId), body, signal).catch(reject);
  });
}

/** Calls `onGone` once the lock is free: whoever held it is gone. The signal ends the watch. */
export function watchGone(locks: TabLocks, lock: string, onGone: () => void, signal: AbortSignal): void {
  const body = async (): Promise<void> => {
    if (!signal.aborted) onGone();
  };
  locks.hold(lock, body, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/** A caller's port to the tab that serves under `address`. The caller must have proved that it is alive. */
export function portToTab(
  channel: TabChannel,
  {
    tabId,
    address,
    signal,
  }: { readonly tabId: string; readonly address: string; readonly signal: AbortSignal },
): Port<ToServer, ToClient> {
  return {
    postMessage(message) {
      if (signal.aborted) return;
      channel.postMessage({ kind: 'tab-link', from: tabId, to: address, message } satisfies Frame<ToServer>);
    },
    addEventListener(_type, listener) {
      const hear = ({ data }: MessageEvent): void => {
        const frame = frameFor<ToClient>(data, tabId);
        if (frame?.from === address) listener(new MessageEvent('message', { data: frame.message }));
      };
      channel.addEventListener('message', hear);
      signal.addEventListener('abort', () => channel.removeEventListener('message', hear), { once: true });
    },
  };
}

/** The server's end of one caller's port, with the calls that still run on it. */
function createVirtualPort(send: (message: ToClient) => void) {
  const listeners = new Set<Listener<ToServer>>();
  const running = new Set<number>();

  function hear(message: ToServer): void {
    if (message.t === 'call') running.add(message.id);
    for (const listener of listeners) listener(new MessageEvent('message', { data: message }));
  }

  const port: Port<ToClient, ToServer> = {
    postMessage(message) {
      if (message.t === 'return' || message.t === 'end' || message.t === 'throw') running.delete(message.id);
      send(message);
    },
    addEventListener: (_type, listener) => void listeners.add(listener),
  };

  function abortAll(): void {
    for (const id of [...running]) hear({ t: 'abort', id });
  }

  return { port, hear, abortAll };
}

export interface HostOptions {
  readonly channel: TabChannel;
  readonly locks: TabLocks;
  /** Callers send to it; new each time that a tab begins to serve, so that nobody mistakes it for an earlier one. */
  readonly address: string;
  /** Called with a port for each tab that calls: `(port) => serve(contract, server, port)`. */
  readonly accept: (port: Port<ToClient, ToServer>) => void;
  readonly signal: AbortSignal;
}

/**
 * Serves other tabs over one BroadcastChannel: one port for each tab that calls. When such a tab goes, its running calls
 * are aborted. Nothing is transferred, everything is copied: a channel cannot move buffers.
 */
export function hostTabs({ channel, locks, address, accept, signal }: HostOptions): void {
  const callers = new Map<string, ReturnType<typeof createVirtualPort>>();

  function callerOf(tabId: string): ReturnType<typeof createVirtualPort> {
    const known = callers.get(tabId);
    if (known) return known;
    const caller = createVirtualPort((message) => {
      if (signal.aborted || callers.get(tabId) !== caller) return;
      channel.postMessage({ kind: 'tab-link', from: address, to: tabId, message } satisfies Frame<ToClient>);
    });
    callers.set(tabId, caller);
    const forget = (): void => {
      callers.delete(tabId);
      caller.abortAll();
    };
    watchGone(locks, lifeLock(tabId), forget, signal);
    accept(caller.port);
    return caller;
  }

  const hear = ({ data }: MessageEvent): void => {
    const frame = frameFor<ToServer>(data, address);
    if (frame) callerOf(frame.from).hear(frame.message);
  };
  channel.addEventListener('message', hear);
  signal.addEventListener(
    'abort',
    () => {
      channel.removeEventListener('message', hear);
      for (const caller of callers.values()) caller.abortAll();
    },
    { once: true },
  );
}
