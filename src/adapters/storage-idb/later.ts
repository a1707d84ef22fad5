type Kind<F> = F extends (...input: never[]) => AsyncIterable<unknown> ? 'stream' : 'call';

/** Every method of a repository, and whether it gives a promise or an AsyncIterable. */
export type Methods<T> = { readonly [K in keyof T]: Kind<T[K]> };

/**
 * A repository whose code is fetched with its first call, so that a page which only chats does without. Calls reach it in
 * the order in which they were made.
 */
export function later<T extends object>(methods: Methods<T>, load: () => Promise<T>): T {
  let loading: Promise<T> | undefined;
  const call = async (name: string, input: readonly unknown[]): Promise<unknown> => {
    loading ??= load();
    loading.catch(() => {
      loading = undefined; // cut off from the server: the next call asks again
    });
    const repository = (await loading) as Record<string, (...input: readonly unknown[]) => unknown>;
    return repository[name]?.(...input);
  };
  const entries = Object.entries(methods).map(([name, kind]) => [
    name,
    kind === 'call'
      ? (...input: readonly unknown[]) => call(name, input)
      : async function* (...input: readonly unknown[]) {
          yield* (await call(name, input)) as AsyncIterable<unknown>;
        },
  ]);
  return Object.fromEntries(entries) as T;
}
