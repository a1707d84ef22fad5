import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storageSegments } from './storage-segments.ts';
import { createTransferMeter } from './transfer-rate.ts';

describe('storageSegments', () => {
  it('says what takes the space, models first by size', () => {
    const segments = storageSegments(
      [
        { id: 'a', label: 'A', bytes: 100 },
        { id: 'b', label: 'B', bytes: 300 },
        { id: 'gone', label: 'Gone', bytes: 0 },
      ],
      { quotaBytes: 1000, usageBytes: 500, documentsBytes: 40, isPersisted: true },
    );
    expect(segments.map(({ kind, id, bytes }) => [kind, id, bytes])).toEqual([
      ['model', 'b', 300],
      ['model', 'a', 100],
      ['documents', 'documents', 40],
      ['other', 'other', 60],
      ['free', 'free', 500],
    ]);
  });

  it('adds up to the quota, or to what is used where that is more; nothing is negative', () => {
    const sizes = fc.record({
      quotaBytes: fc.nat(1e6),
      usageBytes: fc.nat(1e6),
      documentsBytes: fc.nat(1e6),
    });
    fc.assert(
      fc.property(fc.array(fc.nat(1e6)), sizes, (bytes, overview) => {
        const models = bytes.map((size, index) => ({ id: `m${index}`, label: 'm', bytes: size }));
        const segments = storageSegments(models, { ...overview, isPersisted: false });
        const used = Math.max(
          overview.usageBytes,
          overview.documentsBytes + bytes.reduce((sum, size) => sum + size, 0),
        );
        expect(segments.reduce((sum, segment) => sum + segment.bytes, 0)).toBe(
          Math.max(overview.quotaBytes, used),
        );
        for (const segment of segments) expect(segment.bytes).toBeGreaterThan(0);
      }),
    );
  });
});

describe('createTransferMeter', () => {
  it('is silent until it is credible, then tells speed and remaining time', () => {
    const meter = createTransferMeter();
    expect(meter.add(0, 1e6, 0)).toEqual({});
    expect(meter.add(100_000, 1e6, 1000)).toEqual({});
    expect(meter.add(200_000, 1e6, 2000)).toEqual({ bytesPerSecond: 100_000, remainingMs: 8000 });
  });

  it('follows a change of speed within its window', () => {
    const meter = createTransferMeter();
    for (let second = 0; second <= 20; second++) meter.add(second * 1000, 1e6, second * 1000);
    let rate = {};
    for (let second = 21; second <= 40; second++)
      rate = meter.add(20_000 + (second - 20) * 5000, 1e6, second * 1000);
    expect(rate).toMatchObject({ bytesPerSecond: 5000 });
  });

  it('begins anew after a step back and makes up no total', () => {
    const meter = createTransferMeter();
    meter.add(0, undefined, 0);
    expect(meter.add(5000, undefined, 5000)).toEqual({ bytesPerSecond: 1000 });
    expect(meter.add(0, undefined, 6000)).toEqual({});
  });
});
