import { describe, expect, test } from 'vitest';
import { createProgressMeter } from '#core/jobs/index.ts';
import type { Progress } from '#shared/call.ts';
import { createIngestProgress } from './ingest-progress.ts';

const documents = (count: number, sizeBytes: number) =>
  Array.from({ length: count }, (_, i) => ({ id: `${i}`, name: `${i}.md`, sizeBytes }));

describe('the progress of an ingest', () => {
  test('has no total before there is something to go by, then an estimate by bytes, then the count', () => {
    const events: Progress[] = [];
    const progress = createIngestProgress(documents(10, 1000), 'Job', (event) => events.push(event));
    progress.cut('0', 10, 0.5);
    progress.embedding(5);
    expect(events.at(-1)).toEqual({ phase: 'embed', done: 5, unit: 'items', label: 'Job' });
    progress.cut('0', 20, 1);
    progress.cut('1', 10, 0.5);
    progress.embedding(10);
    expect(events.at(-1)).toMatchObject({ done: 10, total: 200, share: 0.05, isEstimate: true });
    for (let i = 1; i < 10; i++) progress.cut(`${i}`, 30, 1);
    progress.stored(48);
    expect(events.at(-1)).toMatchObject({ done: 48, total: 290 });
    expect(events.at(-1)?.isEstimate).toBeUndefined();
  });

  test('a total that grows does not turn the bar back; what fails is not waited for', () => {
    const events: Progress[] = [];
    const progress = createIngestProgress(documents(4, 1000), 'Job', (event) => events.push(event));
    progress.cut('0', 25, 1);
    progress.stored(20);
    expect(events.at(-1)).toMatchObject({ total: 100, share: 0.2 });
    progress.cut('1', 375, 1);
    progress.stored(20);
    expect(events.at(-1)).toMatchObject({ done: 40, total: 800, share: 0.2 });
    progress.skipped('2');
    progress.skipped('3');
    progress.stored(360);
    expect(events.at(-1)).toMatchObject({ done: 400, total: 400, share: 1 });
  });

  test('the remaining time comes from the pace of chunks, and knows what was there before a resume', () => {
    const meter = createProgressMeter();
    let nowMs = 0;
    const progress = createIngestProgress(documents(2, 1000), 'Job', (event) => meter.note(event, nowMs));
    progress.found('0', 900);
    progress.cut('0', 1000, 1);
    progress.cut('1', 1000, 1);
    for (let i = 1; i <= 5; i++) {
      nowMs = i * 1000;
      progress.embedding(i * 10);
    }
    expect(meter.rate()).toBe(10);
    expect(meter.remainingMs()).toBe((2000 - 950) * 100);
  });
});
