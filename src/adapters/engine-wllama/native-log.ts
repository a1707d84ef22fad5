import type { WllamaLogger } from '@wllama/wllama/esm/index.js';

const KEPT_LINES = 60;

/** What llama.cpp said lately: its API returns a bare "false" or a broken buffer, the reason stands only in the log. */
export interface NativeLog {
  readonly logger: WllamaLogger;
  /** Forgets what was said before the next act. */
  clear(): void;
  text(): string;
  /** Rejects when the engine's own worker dies without answering; never resolves. */
  readonly crash: Promise<never>;
}

export function createNativeLog(): NativeLog {
  let lines: string[] = [];
  let rejectCrash = (_error: Error): void => {};
  const crash = new Promise<never>((_resolve, reject) => {
    rejectCrash = reject;
  });
  crash.catch(() => {}); // watched only while something runs

  function keep(...parts: unknown[]): void {
    for (const part of parts) {
      if (typeof ErrorEvent !== 'undefined' && part instanceof ErrorEvent) {
        rejectCrash(new Error(part.message || 'The engine worker stopped'));
      }
    }
    lines.push(parts.map(describe).join(' '));
    if (lines.length > KEPT_LINES) lines = lines.slice(-KEPT_LINES);
  }

  return {
    logger: { debug: () => {}, log: keep, warn: keep, error: keep },
    clear() {
      lines = [];
    },
    text: () => lines.join('\n'),
    crash,
  };
}

function describe(part: unknown): string {
  if (part instanceof Error) return part.message;
  if (typeof part !== 'object' || part === null) return String(part);
  try {
    return JSON.stringify(part);
  } catch {
    return String(part);
  }
}
