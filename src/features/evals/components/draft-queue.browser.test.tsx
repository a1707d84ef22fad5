import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { mountScreen } from '#ui/mount.test-support.tsx';
import type { EvalsController } from '../evals-controller.ts';
import type { QuestionDraft } from '../evals-state.ts';
import { DraftQueue } from './draft-queue.tsx';

const draft = (id: string): QuestionDraft => ({
  id,
  text: `Question ${id}?`,
  passage: {
    number: 1,
    documentId: id,
    documentName: `${id}.md`,
    ordinal: 0,
    text: `Passage ${id}`,
    start: 0,
    end: 9,
    headingPath: [],
    score: 1,
    origin: 'both',
  },
});

let hide: () => void = () => {};
afterEach(() => hide());

test('the keyboard goes on with the next draft, and after the last one stays where it was', async () => {
  let drafts = ['a', 'b', 'c'].map(draft);
  const screen = mountScreen(null);
  hide = screen.hide;
  const drop = (id: string): void => {
    drafts = drafts.filter((each) => each.id !== id);
    draw();
  };
  const controller = {
    acceptDraft: async ({ id }: QuestionDraft) => drop(id),
    rejectDraft: drop,
  } as unknown as EvalsController;
  const draw = (): void =>
    screen.set(<DraftQueue controller={controller} drafts={drafts} disabled={false} />);
  draw();
  const question = page.getByRole('textbox');
  for (const [shown, next] of [
    ['a', 'b'],
    ['b', 'c'],
  ] as const) {
    await expect.element(question).toHaveValue(`Question ${shown}?`);
    page
      .getByRole('button', { name: shown === 'a' ? 'Accept' : 'Reject' })
      .element()
      .focus();
    await userEvent.keyboard('{Enter}');
    await expect.element(question).toHaveValue(`Question ${next}?`);
    await expect.element(question).toHaveFocus();
  }
  page.getByRole('button', { name: 'Reject' }).element().focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByText('All drafts are looked at.')).toBeVisible();
  expect(document.activeElement?.textContent).toBe('All drafts are looked at.');
});
