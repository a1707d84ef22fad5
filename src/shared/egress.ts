/** One request that left the page. */
export interface EgressRecord {
  readonly url: string;
  /** For people: 'Model download', 'Answer by a server'. */
  readonly purpose: string;
  readonly startedAt: number;
  /** False for addresses on this very machine. */
  readonly leavesDevice: boolean;
}

interface EgressEvent {
  readonly id: string;
  readonly record: EgressRecord;
  readonly isOver: boolean;
}

const CHANNEL = 'benchtop-egress';

/**
 * An address on this very machine: what goes there does not leave the device. URL has brought every spelling of an IPv4
 * address to four numbers already; 127.example.org is a name, and may lead anywhere.
 */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/**
 * A fetch that announces every request to another origin, from whatever thread, so that the page can show what leaves
 * it. Requests to the page's own origin are not announced.
 */
export function createRecordedFetch(purpose: string, fetch = globalThis.fetch): typeof globalThis.fetch {
  let channel: BroadcastChannel | undefined;
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input), globalThis.location.href);
    if (url.origin === globalThis.location.origin) return fetch(input, init);
    channel ??= new BroadcastChannel(CHANNEL);
    const record: EgressRecord = {
      url: `${url.origin}${url.pathname}`,
      purpose,
      startedAt: Date.now(),
      leavesDevice: !isLoopback(url),
    };
    const id = `${record.startedAt}-${Math.random()}`;
    const tell = (isOver: boolean): void =>
      channel?.postMessage({ id, record, isOver } satisfies EgressEvent);
    tell(false);
    try {
      const response = await fetch(input, init);
      return watchBody(response, () => tell(true));
    } catch (error) {
      tell(true);
      throw error;
    }
  };
}

/** A request is over when its body has been read, broken off or given up. */
function watchBody(response: Response, onOver: () => void): Response {
  if (response.body === null) {
    onOver();
    return response;
  }
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        onOver();
        controller.close();
      } catch (error) {
        onOver();
        controller.error(error);
      }
    },
    cancel(reason) {
      onOver();
      return reader.cancel(reason);
    },
  });
  return new Response(body, response);
}

export interface EgressLog {
  /** Newest first, this session's. */
  records(): readonly EgressRecord[];
  /** Requests that leave the device and are under way now. */
  active(): number;
  subscribe(listener: () => void): () => void;
}

const KEPT = 200;

/** The page's side: collects what all threads and tabs announce. */
export function createEgressLog(): EgressLog {
  const channel = new BroadcastChannel(CHANNEL);
  const listeners = new Set<() => void>();
  const running = new Set<string>();
  let records: readonly EgressRecord[] = [];
  channel.addEventListener('message', ({ data }: MessageEvent<EgressEvent>) => {
    if (data.isOver) running.delete(data.id);
    else {
      records = [data.record, ...records].slice(0, KEPT);
      if (data.record.leavesDevice) running.add(data.id);
    }
    for (const listener of [...listeners]) listener();
  });
  return {
    records: () => records,
    active: () => running.size,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
