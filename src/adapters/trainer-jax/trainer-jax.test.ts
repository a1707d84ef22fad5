import { type Array as JaxArray, jit, numpy as np, valueAndGrad } from '@jax-js/jax';
import { beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '#core/evals/index.ts';
import { describeProjectionTrainer } from '#core/ports/projection-trainer.conformance.ts';
import { createBatches } from './batches.ts';
import { contrastiveLoss } from './contrastive-loss.ts';
import { createJaxTrainer, startJax } from './jax-trainer.ts';

const [d, r, n] = [6, 2, 5];
const random = createRandom(4);
const numbers = (count: number): Float32Array => Float32Array.from({ length: count }, () => random() * 2 - 1);
const units = (count: number): Float32Array => {
  const values = numbers(count * d);
  for (let row = 0; row < count; row++) {
    const part = values.subarray(row * d, (row + 1) * d);
    const length = Math.hypot(...part);
    for (let i = 0; i < d; i++) part[i] = (part[i] ?? 0) / length;
  }
  return values;
};

const down = numbers(d * r);
const up = numbers(r * d);
const texts = units(n);
const pictures = units(n);
const together = Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 || i === 1 ? 1 : 0));
const array = (values: Float32Array, rows: number, columns: number): JaxArray =>
  np.array(values, { shape: [rows, columns] });

/** The loss once more, in plain double precision. */
function plainLoss(a: Float64Array, kind: 'infonce' | 'sigmoid', scale: number, bias: number): number {
  const at = (values: ArrayLike<number>, i: number): number => values[i] ?? 0;
  const logits = Array.from({ length: n }, (_, i) => {
    const inner = Array.from({ length: r }, (_, k) =>
      Array.from({ length: d }, (_, j) => at(texts, i * d + j) * at(a, j * r + k)).reduce((x, y) => x + y),
    );
    const row = Array.from(
      { length: d },
      (_, j) => at(texts, i * d + j) + inner.reduce((sum, v, k) => sum + v * at(a, d * r + k * d + j), 0),
    );
    const length = Math.hypot(...row);
    return Array.from(
      { length: n },
      (_, p) => (scale * row.reduce((sum, v, j) => sum + v * at(pictures, p * d + j), 0)) / length + bias,
    );
  });
  const isRight = (i: number, p: number): boolean => together[i * n + p] === 1;
  const each = Array.from({ length: n }, (_, i) => i);
  if (kind === 'sigmoid')
    return (
      each.reduce(
        (sum, i) =>
          sum +
          each.reduce(
            (s, p) => s + Math.log1p(Math.exp(at(logits[i] ?? [], p) * (isRight(i, p) ? -1 : 1))),
            0,
          ),
        0,
      ) / n
    );
  const share = (values: readonly { readonly logit: number; readonly right: boolean }[]): number =>
    -Math.log(
      values.reduce((s, { logit, right }) => s + (right ? Math.exp(logit) : 0), 0) /
        values.reduce((s, { logit }) => s + Math.exp(logit), 0),
    );
  const two = (i: number, p: number) => ({ logit: at(logits[i] ?? [], p), right: isRight(i, p) });
  const rows = each.reduce((sum, i) => sum + share(each.map((p) => two(i, p))), 0) / n;
  const columns = each.reduce((sum, p) => sum + share(each.map((i) => two(i, p))), 0) / n;
  return (rows + columns) / 2;
}

describe('the contrastive losses', () => {
  beforeAll(startJax);

  test.each([
    ['infonce', 8, 0],
    ['sigmoid', 8, -3],
  ] as const)('%s and its gradient are those of finite differences', async (loss, scale, bias) => {
    const compiled = jit(valueAndGrad(contrastiveLoss({ loss, scale, bias }), { argnums: [0, 1] }));
    const [value, [ofDown, ofUp]] = compiled(
      array(down, d, r),
      array(up, r, d),
      array(texts, n, d),
      array(pictures, n, d),
      array(together, n, n),
    );
    const weights = Float64Array.from([...down, ...up]);
    expect(((await value.data()) as Float32Array)[0]).toBeCloseTo(plainLoss(weights, loss, scale, bias), 4);
    const gradient = [...((await ofDown.data()) as Float32Array), ...((await ofUp.data()) as Float32Array)];
    expect(gradient).toHaveLength(weights.length);
    const step = 1e-5;
    for (const [i, slope] of gradient.entries()) {
      const there = weights.slice();
      const here = weights.slice();
      there[i] = (there[i] ?? 0) + step;
      here[i] = (here[i] ?? 0) - step;
      const expected =
        (plainLoss(there, loss, scale, bias) - plainLoss(here, loss, scale, bias)) / (2 * step);
      expect(slope).toBeCloseTo(expected, 3);
    }
    compiled.dispose();
  });
});

test('a batch tells which texts fit which pictures, and goes round all pairs before one comes twice', () => {
  const next = createBatches(
    { dimension: d, texts: units(4), pictures: units(3), pictureOf: [0, 1, 1, 2], meaningOf: [0, 1, 2, 1] },
    4,
    1,
  );
  const { together: right, texts: rows } = next();
  // Each text fits its picture; meaning 1 also fits both pictures that are said to be it.
  expect(right.reduce((sum, value) => sum + value, 0)).toBe(1 + 3 + 2 + 3);
  expect(new Set(Array.from({ length: 4 }, (_, i) => rows[i * d])).size).toBe(4);
});

describeProjectionTrainer('jax-js', createJaxTrainer);
