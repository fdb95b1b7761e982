import { describe, expect, test } from 'vitest';
import { Graph } from '../../src/graph/graph';
import type { Tensor } from '../../src/graph/operations';
import { asRowSum } from '../../src/graph/rowWise';

const rows = 6;
const sum = (build: (g: Graph, x: Tensor, w: Tensor) => Tensor): ReturnType<typeof asRowSum> => {
  const g = new Graph();
  const x = g.input('x', [rows, 4]);
  return asRowSum(build(g, x, g.input('w', [4, 4])), rows, (input) => input === x);
};

describe('a loss as a sum over rows', () => {
  test.each<readonly [string, (g: Graph, x: Tensor, w: Tensor) => Tensor, readonly number[]]>([
    ['a mean of squares', (g, x, w) => g.mean(g.square(g.matmul(x, w))), [1 / 24]],
    ['two terms', (g, x, w) => g.add(g.mean(g.relu(g.matmul(x, w))), g.mul(g.sum(g.tanh(x)), 3)), [1 / 24, 3]],
    ['what is taken away', (g, x) => g.sub(g.sum(g.exp(x)), g.sum(g.sin(x))), [1, -1]],
    ['rows behind another axis', (g, x, w) => g.sum(g.softmax(g.matmul(w, x, { transposeB: true }), 0)), [1]],
    ['rows that were folded into another axis', (g, x) => g.sum(g.max(g.reshape(x, [2 * rows, 2]), [1])), [1]],
    ['sums along a row first', (g, x) => g.mean(g.sqrt(g.sum(g.square(x), [1]))), [1 / 6]],
  ])('%s', (_, build, factors) => {
    const found = sum(build);
    expect(found?.hasRest).toBe(false);
    expect(found?.factors).toHaveLength(factors.length);
    factors.forEach((factor, i) => expect(found?.factors[i]).toBeCloseTo(factor, 12));
  });

  test('with what no row decides beside it', () => {
    expect(sum((g, x, w) => g.add(g.mean(g.square(x)), g.mul(g.sum(g.square(w)), 0.01)))).toMatchObject({ hasRest: true });
  });

  test('over a sum of the data alone', () => {
    const found = sum((g, x, w) => g.div(g.sum(g.matmul(x, w)), g.sum(g.step(x))));
    expect(found?.divisor?.op).toBe('sum');
  });

  test.each<readonly [string, (g: Graph, x: Tensor, w: Tensor) => Tensor]>([
    ['the root of a mean', (g, x) => g.sqrt(g.mean(g.square(x)))],
    ['a mean taken away', (g, x) => g.sum(g.square(g.sub(x, g.mean(x, [0], true))))],
    ['a softmax over rows', (g, x) => g.sum(g.square(g.softmax(x, 0)))],
    ['the largest row', (g, x) => g.sum(g.max(x, [0]))],
    ['a product of rows with rows', (g, x) => g.sum(g.matmul(x, x, { transposeB: true }))],
    ['some rows only', (g, x) => g.sum(g.slice(x, [0, 0], [3, 4]))],
    ['numbers that differ by row', (g, x) => g.sum(g.mul(x, g.constant(new Float32Array(24).fill(2), [rows, 4])))],
    ['a divisor in which parameters are', (g, x, w) => g.div(g.sum(x), g.sum(g.matmul(x, w)))],
    ['no rows', (g, _, w) => g.sum(w)],
  ])('is not %s', (_, build) => {
    expect(sum(build)).toBeNull();
  });

  test('tells numbers that change with the batch apart from factors', () => {
    const inside = (count: number) => sum((g, x) => g.sum(g.square(g.add(x, 1 / count))));
    const outside = (count: number) => sum((g, x) => g.mul(g.sum(g.square(x)), 1 / count));
    expect(inside(6)?.numbers).not.toEqual(inside(3)?.numbers);
    expect(outside(6)?.numbers).toEqual(outside(3)?.numbers);
  });
});
