import { describe, expect, it } from 'vitest';
import { clip, join, logSumExp, min, oneHot, split } from '../../src/graph/compose';
import { gradient, hessianVector, jvp, vjp } from '../../src/graph/differentiate';
import { countFlops } from '../../src/graph/flops';
import { Graph } from '../../src/graph/graph';
import { regroup } from '../../src/graph/regroup';
import { packResiduals, residualsOf } from '../../src/graph/residuals';
import { ShapeError } from '../../src/graph/shapes';
import { ancestors } from '../../src/graph/traverse';
import { evaluate } from './evaluate';

const setup = () => {
  const g = new Graph();
  return { g, x: g.input('x', [2, 3]), y: g.input('y', [2, 3]), row: g.input('row', [3]) };
};

describe('a graph', () => {
  it('makes equal nodes once', () => {
    const { g, x, y } = setup();
    expect(g.mul(g.tanh(x), y)).toBe(g.mul(g.tanh(x), y));
    expect(g.add(x, y)).toBe(g.add(y, x));
    expect(g.sub(x, y)).not.toBe(g.sub(y, x));
    expect(g.fill(0, [2])).not.toBe(g.fill(-0, [2]));
    expect(g.fill(Infinity, [2])).not.toBe(g.fill(NaN, [2]));
    expect(g.constant(Float32Array.of(1, 2), [2])).not.toBe(g.constant(Float32Array.of(3, 4), [2]));
  });

  it('simplifies what derivatives leave behind', () => {
    const { g, x, y, row } = setup();
    const zeros = g.zerosLike(x);
    const ones = g.onesLike(x);
    expect(g.add(x, zeros)).toBe(x);
    expect(g.mul(ones, x)).toBe(x);
    expect(g.mul(x, zeros)).toBe(zeros);
    expect(g.neg(g.neg(x))).toBe(x);
    expect(g.sub(x, g.neg(y))).toBe(g.add(x, y));
    expect(g.neg(g.sub(x, y))).toBe(g.sub(y, x));
    expect(g.mul(g.mul(x, 2), g.mul(y, 3))).toBe(g.mul(g.mul(x, y), 6));
    expect(g.add(x, x)).toBe(g.mul(x, 2));
    expect(g.transpose(g.transpose(x, [1, 0]), [1, 0])).toBe(x);
    expect(g.reshape(g.reshape(x, [6]), [2, 3])).toBe(x);
    expect(g.matmul(g.transpose(x, [1, 0]), y)).toBe(g.matmul(x, y, { transposeA: true }));
    expect(g.sum(g.broadcast(row, [2, 3]), [0])).toBe(g.mul(row, 2));
    expect(g.sum(ones)).toBe(g.fill(6, []));
    expect(g.sum(g.reshape(x, [6]))).toBe(g.sum(x));
    expect(g.sum(g.reshape(x, [3, 2]), [0])).not.toBe(g.sum(x, [0]));
    expect(g.slice(g.concat([x, y], 0), [2, 0], [2, 3])).toBe(y);
    expect(g.power(x, 2)).toBe(g.mul(x, x));
  });

  it('says which shapes do not fit', () => {
    const { g, x, row } = setup();
    expect(() => g.matmul(x, x)).toThrow(new ShapeError('matmul of [2,3] and [2,3]'));
    expect(() => g.add(x, g.input('z', [2]))).toThrow('shapes [2,3] and [2] do not broadcast');
    expect(() => g.reshape(x, [5])).toThrow('[2,3] cannot take the shape [5]');
    expect(() => g.sum(x, [2])).toThrow('axis 2 does not exist in a tensor of rank 2');
    expect(() => g.slice(row, [1], [3])).toThrow(ShapeError);
    expect(() => g.gather(x, row)).toThrow('indices must be int32, not float32');
    expect(() => g.add(x, g.input('double', [2, 3], 'float64'))).toThrow('element types float32 and float64 differ');
    expect(() => gradient(g, x, [x])).toThrow('the gradient of a scalar, not of [2,3]');
  });
});

describe('derivatives', () => {
  it('are zeros where nothing depends', () => {
    const { g, x, y } = setup();
    expect(gradient(g, g.sum(g.exp(x)), [y])).toEqual([g.zerosLike(y)]);
    expect(jvp(g, [y], [x], [g.onesLike(x)])).toEqual([g.zerosLike(y)]);
    expect(hessianVector(g, g.sum(x), [x], [y])).toEqual([g.zerosLike(x)]);
  });

  it('stop at stopGradient and at the tensors asked for', () => {
    const { g, x } = setup();
    const middle = g.exp(x);
    expect(gradient(g, g.sum(g.stopGradient(middle)), [x])).toEqual([g.zerosLike(x)]);
    expect(gradient(g, g.sum(g.mul(middle, 3)), [middle])).toEqual([g.fill(3, [2, 3])]);
  });

  it('of several outputs add up', () => {
    const { g, x, y } = setup();
    expect(vjp(g, [g.mul(x, 2), g.mul(x, y)], [x], [g.onesLike(x), y])[0]).toBe(g.add(g.fill(2, [2, 3]), g.mul(y, y)));
  });
});

describe('residuals', () => {
  it('are all a product needs besides what varies', () => {
    const { g, x, y } = setup();
    const [product] = hessianVector(g, g.sum(g.mul(g.exp(x), g.sin(x))), [x], [y]);
    if (product === undefined) throw new Error('no product');
    const residuals = residualsOf([product], [y]);
    const behind = ancestors([product], new Set(residuals)).filter((node) => node.op !== 'fill');
    expect(behind.filter((node) => node.op === 'input')).toEqual([y]);
  });

  it('take all factors that do not vary', () => {
    const { g, x, y } = setup();
    const [a, b] = [g.exp(x), g.tanh(x)];
    const [grouped] = regroup(g, [g.add(g.mul(g.mul(g.mul(y, a), b), 0.5), y)], [y]);
    expect(grouped && residualsOf([grouped], [y])).toEqual([g.intern('mul', [g.mul(a, b), g.fill(0.5, [2, 3])], {})]);
  });

  it('of one width are stacked', () => {
    const { g, x, y, row } = setup();
    const tensors = [g.exp(x), g.tanh(y), g.exp(row), row];
    expect(packResiduals(g, tensors).map(({ op, shape }) => [op, shape])).toEqual([
      ['concat', [4, 3]],
      ['exp', [3]],
      ['input', [3]],
    ]);
  });
});

describe('composed operations', () => {
  const values = (outputs: Parameters<typeof evaluate>[0], inputs: Parameters<typeof evaluate>[1]) =>
    evaluate(outputs, inputs).map((elements) => [...elements]);

  it('split and join are inverse', () => {
    const g = new Graph();
    const flat = g.input('flat', [7]);
    const parts = split(g, flat, [[2, 2], [3]]);
    expect(parts.map(({ shape }) => shape)).toEqual([[2, 2], [3]]);
    expect(values([join(g, parts)], { flat: [1, 2, 3, 4, 5, 6, 7] })).toEqual([[1, 2, 3, 4, 5, 6, 7]]);
  });

  it('clip has slope 1 within and at the ends', () => {
    const g = new Graph();
    const x = g.input('x', [5]);
    const clipped = clip(g, x, -1, 1);
    const [slope] = gradient(g, g.sum(clipped), [x]);
    expect(values([clipped, slope ?? x], { x: [-2, -1, 0.5, 1, 3] })).toEqual([
      [-1, -1, 0.5, 1, 1],
      [0, 1, 1, 1, 0],
    ]);
  });

  it('oneHot, min and logSumExp', () => {
    const g = new Graph();
    const x = g.input('x', [2, 2]);
    const labels = g.input('labels', [2], 'int32');
    const [encoded, smallest, total] = values([oneHot(g, labels, 3), min(g, x, [1]), logSumExp(g, x, -1)], {
      x: [1, 2, 1000, 1000],
      labels: [2, 0],
    });
    expect(encoded).toEqual([0, 0, 1, 1, 0, 0]);
    expect(smallest).toEqual([1, 1000]);
    expect(total?.[0]).toBeCloseTo(Math.log(Math.exp(1) + Math.exp(2)), 12);
    expect(total?.[1]).toBeCloseTo(1000 + Math.log(2), 10);
  });
});

describe('counted work', () => {
  it('of a product is two operations for each multiplication', () => {
    const g = new Graph();
    const product = g.matmul(g.input('a', [3, 4]), g.input('b', [5, 4]), { transposeB: true });
    expect(countFlops([product])).toBe(2 * 3 * 4 * 5);
    expect(countFlops([g.relu(product)])).toBe(2 * 3 * 4 * 5 + 15);
    expect(countFlops([g.relu(product)], new Set([product]))).toBe(15);
  });
});
