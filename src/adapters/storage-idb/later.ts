type Method = (...input: never[]) => unknown;
type Streams<T> = {
  [K in keyof T]: T[K] extends (...input: never[]) => AsyncIterable<unknown> ? K : never;
}[keyof T];

/**
 * A repository whose code is fetched with its first call, so that a page which only chats does without. `streams` names
 * the methods that give an AsyncIterable; all others give promises. Calls reach it in the order in which they were made.
 */
export function later<T extends object>(load: () => Promise<T>, streams: readonly Streams<T>[] = []): T {
  let loading: Promise<T> | undefined;
  const loaded = (): Promise<T> => {
    loading ??= load();
    loading.catch(() => {
      loading = undefined; // cut off from the server: the next call asks again
    });
    return loading;
  };
  const methods = new Map<PropertyKey, Method>();
  const methodOf = (name: keyof T): Method => {
    const call = async (input: never[]): Promise<unknown> => {
      const repository = await loaded();
      return (repository[name] as Method)(...input);
    };
    if (!(streams as readonly PropertyKey[]).includes(name)) return (...input) => call(input);
    return async function* (...input) {
      yield* (await call(input)) as AsyncIterable<unknown>;
    };
  };
  return new Proxy({} as T, {
    get(_, name) {
      // Whoever awaits the repository itself asks it for `then`.
      if (name === 'then') return undefined;
      const method = methods.get(name) ?? methodOf(name as keyof T);
      methods.set(name, method);
      return method;
    },
  });
}
