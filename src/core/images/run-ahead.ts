/**
 * Reads a source ahead, at most `depth` values before they are asked for. What the source throws is thrown in its turn; who
 * stops reading ends the source himself.
 */
export async function* runAhead<T>(
  source: AsyncGenerator<T, void, void>,
  depth: number,
): AsyncGenerator<T, void, void> {
  const waiting: Promise<IteratorResult<T, void>>[] = [];
  // A generator answers its `next` calls one after the other: what is asked early is worked on early.
  const ask = (): void => {
    const next = source.next();
    next.catch(() => {}); // thrown where it is awaited
    waiting.push(next);
  };
  for (let i = 0; i < depth; i++) ask();
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { done, value } = await next;
    if (done) return;
    ask();
    yield value;
  }
}

/** Maps in order, at most `width` at once. */
export async function* mapAhead<T, R>(
  source: AsyncIterable<T>,
  width: number,
  map: (value: T) => Promise<R>,
): AsyncGenerator<R, void, void> {
  const running: Promise<R>[] = [];
  for await (const value of source) {
    const result = map(value);
    result.catch(() => {}); // thrown where it is awaited
    running.push(result);
    if (running.length < width) continue;
    const first = running.shift();
    if (first) yield await first;
  }
  for (const result of running) yield await result;
}
