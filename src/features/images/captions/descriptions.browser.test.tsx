import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { createStore } from 'zustand/vanilla';
import { openRepositories } from '#adapters/storage-idb/index.ts';
import type { ImageRecord } from '#core/ports/image-records.ts';
import type { JobRecord } from '#core/ports/job-records.ts';
import type { ModelSpec } from '#core/ports/model.ts';
import { until } from '#shared/until.test-support.ts';
import { mountScreen } from '#ui/mount.test-support.tsx';
import type { ImagesController } from '../images-controller.ts';
import { type ImagesDependencies, type ImagesState, initialState } from '../images-state.ts';
import { createDescriptions, undescribedIds } from './create-descriptions.ts';
import { PictureDescription } from './picture-description.tsx';

const heron: ImageRecord = {
  id: 'heron',
  name: 'lake/heron.png',
  mediaType: 'image/png',
  sizeBytes: 1,
  addedAt: 1,
  status: 'ready',
  tags: [],
  captions: ['my own words'],
};
const SEER = { id: 'seer', label: 'Seer' } as ModelSpec;

let repositories: Awaited<ReturnType<typeof openRepositories>>;
let started: unknown[];
let opened: number;
let models: readonly ModelSpec[];
let screen: ReturnType<typeof mountScreen>;
let descriptions: ReturnType<typeof createDescriptions>;
const stored = async () => repositories.images.get('heron');

beforeEach(async () => {
  repositories = await openRepositories({ name: `descriptions-test-${crypto.randomUUID()}` });
  await repositories.images.commit({ images: [heron] });
  started = [];
  opened = 0;
  models = [SEER];
  const store = createStore<ImagesState>(() => ({ ...initialState, images: [heron] }));
  const deps = {
    repositories,
    jobs: { start: async (...job: readonly unknown[]) => void started.push(job) },
    sightedModels: async () => models,
    openModels: () => {
      opened += 1;
    },
    notify: () => {},
  };
  descriptions = createDescriptions(deps as unknown as ImagesDependencies, store);
  screen = mountScreen(null);
});
afterEach(() => {
  screen.hide();
  repositories.close();
});

function show(image: ImageRecord, jobs: readonly JobRecord[] = []): void {
  const controller = { descriptions } as unknown as ImagesController;
  screen.set(<PictureDescription image={image} jobs={jobs} controller={controller} />);
}

describe('what a model writes about a picture', () => {
  test('is asked for after the user has seen by which model', async () => {
    show(heron);
    await page.getByRole('button', { name: 'Describe…' }).click();
    await expect.element(page.getByLabelText('Model')).toHaveValue('seer');
    await expect.element(page.getByText(/^1 picture\. How long that takes is not known/)).toBeVisible();
    await page.getByRole('button', { name: 'Describe', exact: true }).click();
    await until(() => started.length === 1);
    expect(started).toEqual([
      ['image-captions', 'Describing heron.png', { imageIds: ['heron'], modelId: 'seer' }],
    ]);
  });

  test('is refused in words where no model sees, with the way to one', async () => {
    models = [];
    show(heron);
    await page.getByRole('button', { name: 'Describe…' }).click();
    await expect
      .element(page.getByText('No chat model that sees pictures is on this device yet.'))
      .toBeVisible();
    await page.getByRole('button', { name: 'Choose a model that sees' }).click();
    expect([opened, started]).toEqual([1, []]);
  });

  test('is shown as the model’s, can be edited and removed, and leaves the user’s captions alone', async () => {
    const described = {
      ...heron,
      generatedCaption: { text: 'A stork.', modelId: 'seer', modelLabel: 'Seer' },
    };
    await repositories.images.commit({ images: [described] });
    show(described);
    await expect.element(page.getByText('by Seer')).toBeVisible();
    await page.getByRole('button', { name: 'Edit the description' }).click();
    await userEvent.fill(page.getByRole('textbox', { name: 'Edit the description' }), ' A  heron. ');
    await page.getByRole('button', { name: 'Save' }).click();
    const edited = await until(async () => {
      const image = await stored();
      return image?.generatedCaption?.isEdited ? image : undefined;
    });
    expect(edited.generatedCaption).toEqual({
      text: 'A heron.',
      modelId: 'seer',
      modelLabel: 'Seer',
      isEdited: true,
    });
    show(edited);
    await expect.element(page.getByText('by Seer, edited by you')).toBeVisible();
    await page.getByRole('button', { name: 'Remove the description' }).click();
    await until(async () => (await stored())?.generatedCaption === undefined);
    expect((await stored())?.captions).toEqual(['my own words']);
  });

  test('is not asked for twice: what a job is about to describe waits for it', async () => {
    const job = {
      kind: 'image-captions',
      state: 'running',
      input: { imageIds: ['heron'] },
    } as unknown as JobRecord;
    expect(undescribedIds({ images: [heron], jobs: [job] })).toEqual([]);
    show(heron, [job]);
    await expect.element(page.getByText('It will be described.')).toBeVisible();
  });
});
