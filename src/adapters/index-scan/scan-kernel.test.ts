import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createScanKernel } from './scan-kernel.ts';

const code = fc.integer({ min: 0, max: 15 });

test('the kernel scores as plain code does, and leaves out groups of four that the mask does not name', () => {
  const memory = new WebAssembly.Memory({ initial: 2 });
  const scan = createScanKernel(memory);
  const lanes = fc.integer({ min: 1, max: 4 }).chain((blocks) => {
    const stride = blocks * 32;
    return fc.record({
      rows: fc.integer({ min: 1, max: 6 }).chain((groups) =>
        fc.array(fc.array(code, { minLength: stride, maxLength: stride }), {
          minLength: groups * 4,
          maxLength: groups * 4,
        }),
      ),
      query: fc.array(fc.integer({ min: -32767, max: 32767 }), { minLength: stride, maxLength: stride }),
      mask: fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
      scale: fc.integer({ min: 1, max: 64 }),
      along: fc.integer({ min: -64, max: 64 }),
    });
  });
  fc.assert(
    fc.property(lanes, ({ rows, query, mask, scale, along }) => {
      const stride = query.length;
      const [maskAt, scalesAt, alongsAt, outAt, rowsAt] = [1024, 2048, 2560, 3072, 4096];
      new Int16Array(memory.buffer, 0, stride).set(query);
      new Float32Array(memory.buffer, scalesAt, rows.length).fill(scale / 64);
      new Float32Array(memory.buffer, alongsAt, rows.length).fill(along / 64);
      const bits = new Uint8Array(memory.buffer, maskAt, 3).fill(0);
      for (const [row, isSet] of mask.entries()) if (isSet) bits[row >> 3]! |= 1 << (row & 7);
      const packed = rows.flatMap((codes) =>
        Array.from({ length: stride / 2 }, (_, at) => {
          const first = (at >> 4) * 32 + (at & 15);
          return (codes[first] ?? 0) | ((codes[first + 16] ?? 0) << 4);
        }),
      );
      new Uint8Array(memory.buffer, rowsAt, packed.length).set(packed);
      scan(rowsAt, stride, rows.length, scalesAt, alongsAt, maskAt, 0, 0.25, 7, 3, outAt);
      const scores = new Float32Array(memory.buffer, outAt, rows.length);
      for (const [row, codes] of rows.entries()) {
        const sum = codes.reduce((total, number, i) => total + number * (query[i] ?? 0), 0);
        const group = row & ~3;
        const isRead = mask.slice(group, group + 4).some((isSet) => isSet);
        // As the kernel rounds: after each product and each sum.
        const own = Math.fround((scale / 64) * Math.fround(Math.fround(sum) * 0.25 + 7));
        const score = Math.fround((3 * along) / 64 + own);
        expect(scores[row]).toBe(isRead ? score : -Infinity);
      }
    }),
  );
});
