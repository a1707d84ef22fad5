import { llmContract } from '#contracts/llm.ts';
import { type EngineNews, shareEngine } from '#core/models/index.ts';
import type { ChatEngine } from '#core/ports/chat-engine.ts';
import type { Locks } from '#core/ports/locks.ts';
import { connect } from '#rpc/connect.ts';
import type { Server } from '#rpc/contract.ts';
import { serve } from '#rpc/serve.ts';
import { hostTabs, portToTab, proveAlive, type TabChannel, watchGone } from '#rpc/tab-link.ts';
import type { CallOptions } from '#shared/call.ts';
import { AppError } from '#shared/errors.ts';
import { waitUnlessAborted } from '#shared/turns.ts';

const OWNER_LOCK = 'engine-owner';

/** What tabs call to each other beside the calls: who owns the engine, and what it holds. */
type Notice =
  | { readonly kind: 'engine-owner?' }
  | {
      readonly kind: 'engine-owner';
      readonly address: string;
      /** When it became the owner: a late word of a dead owner never replaces a newer one. */
      readonly since: number;
      readonly news: EngineNews;
    };

interface Role {
  /** Of the tab that owns the engine. */
  readonly address: string;
  readonly isOwner: boolean;
  readonly engine: ChatEngine;
  readonly end: (error: AppError) => void;
}

export interface SharedEngineOptions {
  /** This tab's own worker: started only when this tab becomes the owner and is asked something. */
  readonly local: ChatEngine;
  readonly locks: Locks;
  readonly channel: TabChannel;
  /** New for each page load: a reloaded tab is another tab. */
  readonly tabId: string;
}

export interface SharedEngine {
  readonly engine: ChatEngine;
  /** Hears what the engine holds, at once and after each change, whichever tab caused it; returns the unsubscribe. */
  onNews(listener: (news: EngineNews) => void): () => void;
  /** Gives up the engine, or the link to it. A tab that is closed need not call it. */
  close(): void;
}

const ownerGone = (): AppError =>
  new AppError(
    'worker/crashed',
    'The tab that ran the model was closed. Ask again: the model is loaded in this tab.',
  );

const toServer = (engine: ChatEngine): Server<ChatEngine> => ({
  load: (input, { signal, progress }) => engine.load(input, { signal, onProgress: progress }),
  generate: (input, { signal, progress }) => engine.generate(input, { signal, onProgress: progress }),
  countTokens: (input, { signal }) => engine.countTokens(input, { signal }),
  unload: (input, { signal }) => engine.unload(input, { signal }),
});

/**
 * One engine for all tabs. The first tab that asks something of it takes the lock and serves it; the others' calls go
 * there over a channel. When that tab goes, running calls reject with worker/crashed, and the next call takes over.
 */
export function createSharedEngine({ local, locks, channel, tabId }: SharedEngineOptions): SharedEngine {
  const listeners = new Set<(news: EngineNews) => void>();
  const closing = new AbortController();
  const untilClosed = new Promise<void>((resolve) =>
    closing.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  const isAlive = proveAlive(locks, tabId, closing.signal);
  let news: EngineNews = { status: 'none' };
  let lostModelId: string | undefined;
  let role: Role | undefined;
  let seeking: Promise<Role> | undefined;
  let newestOwner = 0;
  let announce = (): void => undefined;
  let onGuest: ((role: Role) => void) | undefined;

  const post = (notice: Notice): void => channel.postMessage(notice);

  function hearNews(latest: EngineNews): void {
    news = latest;
    if (latest.status !== 'none') lostModelId = undefined;
    for (const listener of [...listeners]) listener(latest);
  }

  function becomeOwner(): Role {
    const address = `${tabId}/engine`;
    const since = Date.now();
    if (news.status !== 'none') hearNews({ status: 'none' });
    announce = () => post({ kind: 'engine-owner', address, since, news });
    const engine = shareEngine(local, (latest) => {
      hearNews(latest);
      announce();
    });
    hostTabs({
      channel,
      locks,
      address,
      accept: (port) => serve(llmContract, toServer(engine), port),
      signal: closing.signal,
    });
    role = { address, isOwner: true, engine, end: () => undefined };
    announce();
    return role;
  }

  function becomeGuest(address: string): Role {
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, closing.signal]);
    const connection = connect(llmContract, portToTab(channel, { tabId, address, signal }));
    const guest: Role = {
      address,
      isOwner: false,
      engine: connection.client,
      end(error) {
        ended.abort();
        connection.close(error);
        if (role === guest) role = undefined;
      },
    };
    role = guest;
    watchGone(locks, OWNER_LOCK, () => loseOwner(guest), signal);
    return guest;
  }

  function loseOwner(guest: Role): void {
    if (role !== guest) return;
    if (news.status === 'ready') lostModelId = news.model.id;
    guest.end(ownerGone());
    hearNews({ status: 'none' });
  }

  /** Runs while this tab owns the engine: until it is closed. */
  const own = (onOwned: (owner: Role) => void) => async (): Promise<void> => {
    if (role !== undefined || closing.signal.aborted) return;
    onOwned(becomeOwner());
    await untilClosed;
  };

  /** Becomes the owner if nobody is, else a guest as soon as the owner answers; an owner who dies before is inherited. */
  function seek(): Promise<Role> {
    return new Promise((resolve, reject) => {
      const found = new AbortController();
      const settle = (settled: Role): void => {
        onGuest = undefined;
        resolve(settled);
      };
      onGuest = (guest) => {
        found.abort();
        settle(guest);
      };
      locks
        .tryHold(OWNER_LOCK, own(settle))
        .then((hasRun) => {
          if (hasRun || found.signal.aborted) return;
          post({ kind: 'engine-owner?' });
          return locks.hold(OWNER_LOCK, own(settle), AbortSignal.any([found.signal, closing.signal]));
        })
        .catch((error: unknown) => {
          if (!found.signal.aborted) reject(error);
        });
    });
  }

  async function findRole(signal: AbortSignal | undefined): Promise<Role> {
    if (closing.signal.aborted) throw ownerGone();
    if (role) return role;
    seeking ??= isAlive
      .then(() => role ?? seek())
      .finally(() => {
        seeking = undefined;
      });
    return waitUnlessAborted(seeking, signal);
  }

  async function engineFor(modelId: string, options: CallOptions | undefined): Promise<ChatEngine> {
    const { engine } = await findRole(options?.signal);
    if (lostModelId === modelId) throw ownerGone();
    return engine;
  }

  const hear = ({ data }: MessageEvent<Notice>): void => {
    if (data.kind === 'engine-owner?') {
      if (role?.isOwner) announce();
    } else if (data.kind === 'engine-owner' && !role?.isOwner && data.since >= newestOwner) {
      newestOwner = data.since;
      if (role?.address !== data.address) {
        if (role) loseOwner(role);
        const guest = becomeGuest(data.address);
        onGuest?.(guest);
      }
      hearNews(data.news);
    }
  };
  void isAlive.then(
    () => {
      channel.addEventListener('message', hear);
      post({ kind: 'engine-owner?' });
    },
    () => undefined, // closed before it began
  );

  return {
    engine: {
      load: async (input, options) => (await findRole(options?.signal)).engine.load(input, options),
      unload: async (input, options) => (await findRole(options?.signal)).engine.unload(input, options),
      countTokens: async (input, options) =>
        (await engineFor(input.modelId, options)).countTokens(input, options),
      async *generate(input, options) {
        yield* (await engineFor(input.modelId, options)).generate(input, options);
      },
    },
    onNews(listener) {
      listeners.add(listener);
      listener(news);
      return () => listeners.delete(listener);
    },
    close() {
      channel.removeEventListener('message', hear);
      role?.end(ownerGone());
      closing.abort();
    },
  };
}
