export interface StopStringHold {
  /** Takes the next piece; gives what may be shown now. After `stopped` nothing more is to be pushed. */
  push(text: string): { readonly emit: string; readonly stopped: boolean };
  /** What was held back when the text ended without a stop string. */
  flush(): string;
}

/**
 * Holds back just as much text as could still become a stop string, so that no character of one is ever shown and no
 * other character is lost or late. Where two stop strings match, the one that starts first wins.
 */
export function createStopStringHold(stop: readonly string[]): StopStringHold {
  const stops = stop.filter((text) => text !== '');
  let held = '';

  function firstMatch(): number {
    let first = -1;
    for (const text of stops) {
      const at = held.indexOf(text);
      if (at >= 0 && (first < 0 || at < first)) first = at;
    }
    return first;
  }

  /** Length of the longest tail of `held` that is the start of a stop string. */
  function possibleTail(): number {
    let longest = 0;
    for (const text of stops)
      for (let n = Math.min(text.length - 1, held.length); n > longest; n--)
        if (held.endsWith(text.slice(0, n))) {
          longest = n;
          break;
        }
    return longest;
  }

  return {
    push(text) {
      held += text;
      const at = firstMatch();
      const end = at >= 0 ? at : held.length - possibleTail();
      const emit = held.slice(0, end);
      held = at >= 0 ? '' : held.slice(end);
      return { emit, stopped: at >= 0 };
    },
    flush() {
      const rest = held;
      held = '';
      return rest;
    },
  };
}
