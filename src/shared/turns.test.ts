import { expect, test } from 'vitest';
import { createTurns, waitUnlessAborted } from './turns.ts';

test('callers are served one at a time, in order', async () => {
  const takeTurn = createTurns();
  const seen: string[] = [];
  await Promise.all(
    ['a', 'b', 'c'].map(async (name) => {
      const endTurn = await takeTurn();
      seen.push(`${name} in`);
      await new Promise((resolve) => setTimeout(resolve, 2));
      seen.push(`${name} out`);
      endTurn();
    }),
  );
  expect(seen).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
});

test('who gives up in the line does not hold it up, and nobody overtakes', async () => {
  const takeTurn = createTurns();
  const abort = new AbortController();
  const endFirst = await takeTurn();
  const second = takeTurn(abort.signal);
  let isThirdIn = false;
  const third = takeTurn().then((endTurn) => {
    isThirdIn = true;
    endTurn();
  });
  abort.abort();
  await expect(second).rejects.toMatchObject({ code: 'abort/by-user' });
  await Promise.resolve();
  expect(isThirdIn).toBe(false);
  endFirst();
  await third;
  expect(isThirdIn).toBe(true);
});

test('ending a turn twice lets only one in', async () => {
  const takeTurn = createTurns();
  const endFirst = await takeTurn();
  endFirst();
  await takeTurn();
  endFirst();
  let isThirdIn = false;
  void takeTurn().then(() => {
    isThirdIn = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 2));
  expect(isThirdIn).toBe(false);
});

test('an abort rejects at once, a result passes through', async () => {
  const abort = new AbortController();
  const never = waitUnlessAborted(new Promise<never>(() => {}), abort.signal);
  abort.abort();
  await expect(never).rejects.toMatchObject({ code: 'abort/by-user' });
  await expect(waitUnlessAborted(Promise.resolve(1), new AbortController().signal)).resolves.toBe(1);
  await expect(waitUnlessAborted(Promise.resolve(1), abort.signal)).rejects.toMatchObject({
    code: 'abort/by-user',
  });
});
