import { fc } from '../../support/property';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random';
import { compileKernel } from '../../../src/engine/kernel/graph/graphKernel';
import type { Port } from '../../../src/engine/onnx/runtime';
import { gradient, hessianVector } from '../../../src/graph/differentiate';
import { Graph } from '../../../src/graph/graph';
import type { Tensor } from '../../../src/graph/operations';
import { sizeOf } from '../../../src/graph/operations';
import { packResiduals, residualsOf } from '../../../src/graph/residuals';
import { evaluate } from '../../graph/evaluate';

const ports = (tensors: readonly Tensor[]): readonly Port[] => tensors.map((tensor) => ({ name: `t${tensor.id}`, tensor }));

function draw(inputs: readonly Tensor[], seed: number, spread = 1): Record<string, Float32Array> {
  const random = new Random(seed);
  return Object.fromEntries(
    inputs.map(({ id, shape }) => [`t${id}`, Float32Array.from({ length: sizeOf(shape) }, () => spread * random.normal())]),
  );
}

/** Norm-wise distance of what the kernel yields from the reference evaluator in double precision. */
async function errorsOf(
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  values: Record<string, Float32Array>,
): Promise<number[]> {
  const kernel = compileKernel({ inputs: ports(inputs), outputs: ports(outputs) });
  if (kernel === null) throw new Error('it is no kernel');
  const found = await kernel.run(values);
  const named = Object.fromEntries(
    inputs.map((input) => [
      input.attributes && 'name' in input.attributes ? input.attributes.name : '',
      Float64Array.from(values[`t${input.id}`] ?? []),
    ]),
  );
  return evaluate(outputs, named).map((expected, i) => distance(found[`t${outputs[i]?.id}`], expected));
}

function distance(actual: ArrayLike<number> | undefined, expected: ArrayLike<number>): number {
  expect(actual?.length).toBe(expected.length);
  const all = Array.from(expected);
  // Where terms of size 1 cancel, their rounding stays.
  const floor = Math.sqrt(all.length);
  return Math.hypot(...all.map((value, i) => value - (actual?.[i] ?? NaN))) / Math.max(floor, Math.hypot(...all));
}

describe('a program as one WebAssembly function', () => {
  const size = fc.integer({ min: 1, max: 19 });

  it('multiplies matrices of any sizes, each transposed or not, and adds a row, a column, a number or a matrix', async () => {
    await fc.assert(
      fc.asyncProperty(
        size,
        size,
        size,
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 0, max: 4 }),
        async (m, k, n, ta, tb, kind) => {
          const g = new Graph();
          const a = g.input('a', ta ? [k, m] : [m, k]);
          const b = g.input('b', tb ? [n, k] : [k, n]);
          const added =
            [null, g.input('row', [n]), g.input('column', [m, 1]), g.input('number', []), g.input('matrix', [m, n])][kind] ??
            null;
          const product = g.matmul(a, b, { transposeA: ta, transposeB: tb });
          const sum = added === null ? product : g.sub(g.mul(product, 0.5), g.broadcast(added, [m, n]));
          const inputs = added === null ? [a, b] : [a, b, added];
          for (const error of await errorsOf(inputs, [sum], draw(inputs, m + 20 * k + 400 * n))) expect(error).toBeLessThan(5e-6);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('sums over any axes, of tensors as they lie or transposed', async () => {
    const axes = fc.subarray([0, 1, 2]);
    await fc.assert(
      fc.asyncProperty(size, size, size, axes, fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), async (p, q, r, over, order) => {
        const g = new Graph();
        const x = g.input('x', [p, q, r]);
        const moved = g.transpose(g.mul(x, x), order);
        for (const error of await errorsOf(
          [x],
          [g.sum(moved, over), g.add(moved, g.transpose(x, order))],
          draw([x], p + 20 * q + 400 * r),
        ))
          expect(error).toBeLessThan(5e-6);
      }),
      { numRuns: 100 },
    );
  });

  it('computes functions to single precision, at zero, far out, and for what is no number', async () => {
    const points = [0, -0, 1e-30, -1e-7, 1e-4, 0.1, -0.3, 0.34, 0.35, 0.7, -1, 3.3, -8, 20, -60, 80, 87, -87, -200, 1000, NaN];
    const g = new Graph();
    const x = g.input('x', [points.length]);
    const functions: readonly (readonly [Tensor, (value: number) => number])[] = [
      [g.tanh(x), Math.tanh],
      [g.sigmoid(x), (value) => 1 / (1 + Math.exp(-value))],
      [g.exp(x), Math.exp],
      [g.relu(x), (value) => (Number.isNaN(value) ? NaN : Math.max(0, value))],
      [g.step(x), (value) => Number(value > 0)],
      [g.softplus(x), (value) => Math.max(0, value) + Math.log1p(Math.exp(-Math.abs(value)))],
    ];
    const kernel = compileKernel({ inputs: ports([x]), outputs: ports(functions.map(([tensor]) => tensor)) });
    const found = await kernel?.run({ [`t${x.id}`]: Float32Array.from(points) });
    for (const [tensor, f] of functions) {
      const values = found?.[`t${tensor.id}`];
      points.forEach((point, i) => {
        const expected = Math.fround(f(Math.fround(point)));
        if (Number.isNaN(point))
          expect(tensor.op === 'step' ? values?.[i] : Number.isNaN(values?.[i])).toBe(tensor.op === 'step' ? 0 : true);
        // e⁸⁸ stands for all that is larger.
        else if (tensor.op === 'exp' && point > 88) expect(values?.[i]).toBeGreaterThan(1e38);
        else expect(Math.abs((values?.[i] ?? NaN) - expected)).toBeLessThanOrEqual(4e-7 * Math.abs(expected) + 2e-38);
      });
    }
  });

  it('takes logarithms to single precision, of the least and the largest numbers too', async () => {
    const points = [0, -0, 1e-42, 1e-38, 3e-30, 1e-3, 0.5, 0.70710677, 0.70710685, 0.99999, 1, 1.00001, 1.4142135, 2, 10, 3e38];
    const ends = [Infinity, -1, -Infinity, NaN];
    const g = new Graph();
    const x = g.input('x', [points.length + ends.length]);
    const kernel = compileKernel({ inputs: ports([x]), outputs: [{ name: 'y', tensor: g.log(x) }] });
    const given = Float32Array.of(...points, ...ends);
    const y = (await kernel?.run({ [`t${x.id}`]: given }))?.['y'];
    given.forEach((value, i) => {
      const expected = Math.log(value);
      if (Number.isFinite(expected)) expect(Math.abs((y?.[i] ?? NaN) - expected)).toBeLessThanOrEqual(2e-7 * Math.abs(expected));
      else expect(y?.[i]).toBe(expected);
    });
  });

  it('takes softmaxes along rows, and picks and adds at the places that integers name', async () => {
    await fc.assert(
      fc.asyncProperty(size, size, fc.integer({ min: 0, max: 99 }), async (rows, classes, seed) => {
        const g = new Graph();
        const x = g.input('x', [rows, classes]);
        const updates = g.input('updates', [rows, 2]);
        const places = g.input('places', [2 * rows], 'int32');
        const indices = g.reshape(places, [rows, 2]);
        const scores = g.mul(x, 30);
        const inputs = [x, updates, places];
        const outputs = [
          g.softmax(scores),
          g.logSoftmax(scores),
          g.takeAlong(g.add(x, 1), indices, 1),
          g.putAlong(indices, updates, 1, classes),
          g.putAlong(indices, g.fill(2, [rows, 2]), 1, classes),
        ];
        const random = new Random(seed);
        const chosen = Int32Array.from({ length: 2 * rows }, () => random.integer(classes));
        const values = { ...draw([x, updates], seed), [`t${places.id}`]: chosen };
        const found = await compileKernel({ inputs: ports(inputs), outputs: ports(outputs) })?.run(values);
        const named = {
          x: Float64Array.from(values[`t${x.id}`] ?? []),
          updates: Float64Array.from(values[`t${updates.id}`] ?? []),
          places: Float64Array.from(chosen),
        };
        evaluate(outputs, named).forEach((expected, i) =>
          expect(distance(found?.[`t${outputs[i]?.id}`], expected)).toBeLessThan(5e-6),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('ends with an error at a number that is no place', () => {
    const g = new Graph();
    const x = g.input('x', [2, 3]);
    const places = g.input('places', [2, 1], 'int32');
    const kernel = compileKernel({ inputs: ports([x, places]), outputs: [{ name: 'y', tensor: g.takeAlong(x, places, 1) }] });
    const chosen = Int32Array.of(2, 0);
    const call = kernel?.bind({ [`t${x.id}`]: Float32Array.of(1, 2, 3, 4, 5, 6), [`t${places.id}`]: chosen }, {});
    expect(() => call?.run()).not.toThrow();
    for (const wrong of [3, -1]) {
      chosen[1] = wrong;
      expect(() => call?.run()).toThrow();
    }
  });

  it('chooses by comparing', async () => {
    await fc.assert(
      fc.asyncProperty(size, size, fc.integer({ min: 0, max: 99 }), async (rows, columns, seed) => {
        const g = new Graph();
        const [x, y] = [g.input('x', [rows, columns]), g.input('y', [rows, columns])];
        const above = g.greater(x, y);
        const outputs = [
          g.where(above, x, g.neg(y)),
          g.where(g.not(above), x, g.fill(3, [rows, columns])),
          g.cast(g.or(above, g.greaterOrEqual(y, g.fill(0.5, [rows, columns]))), 'float32'),
          g.cast(g.and(above, g.equal(x, x)), 'float32'),
          g.maximum(x, y),
          g.minimum(x, y),
        ];
        for (const error of await errorsOf([x, y], outputs, draw([x, y], seed))) expect(error).toBeLessThan(1e-6);
      }),
      { numRuns: 50 },
    );
  });

  it('gives the Hessian-vector products of a net split at its residuals, packed', async () => {
    const g = new Graph();
    const x = g.input('x', [7, 3]);
    const target = g.input('target', [7, 2]);
    const parameters = [[5, 3], [5], [2, 5], [2]].map((shape, i) => g.input(`p${i}`, shape));
    const tangents = parameters.map(({ shape }, i) => g.input(`v${i}`, shape));
    const [w1, b1, w2, b2] = parameters as [Tensor, Tensor, Tensor, Tensor];
    const hidden = g.tanh(g.add(g.matmul(x, w1, { transposeB: true }), g.broadcast(b1, [7, 5])));
    const scores = g.sigmoid(g.add(g.matmul(hidden, w2, { transposeB: true }), g.broadcast(b2, [7, 2])));
    const loss = g.mean(g.mul(g.sub(scores, target), g.sub(scores, target)));
    const products = hessianVector(g, loss, parameters, tangents);
    const given = [x, target, ...parameters];
    const cut = packResiduals(g, residualsOf(products, tangents));
    const residuals = cut.filter(({ op }) => op !== 'input');
    const first = compileKernel({ inputs: ports(given), outputs: ports(residuals) });
    const second = compileKernel({ inputs: ports([...given, ...residuals, ...tangents]), outputs: ports(products) });
    const values = draw(given, 3, 0.7);
    const kept = await first?.run(values);
    const directions = draw(tangents, 4);
    const found = await second?.run({ ...values, ...kept, ...directions });
    const all = { ...values, ...directions };
    const named = Object.fromEntries(
      [...given, ...tangents].map((input) => [
        'name' in input.attributes ? input.attributes.name : '',
        Float64Array.from(all[`t${input.id}`] ?? []),
      ]),
    );
    evaluate(products, named).forEach((expected, i) =>
      expect(distance(found?.[`t${products[i]?.id}`], expected)).toBeLessThan(5e-6),
    );
    const whole = gradient(g, loss, parameters);
    for (const error of await errorsOf(given, whole, values)) expect(error).toBeLessThan(5e-6);
  });

  it('reads and writes the memory it was bound to, and refuses memory of another length', () => {
    const g = new Graph();
    const x = g.input('x', [3]);
    const kernel = compileKernel({
      inputs: [{ name: 'x', tensor: x }],
      outputs: [
        { name: 'y', tensor: g.mul(x, 2) },
        { name: 'same', tensor: x },
        { name: 'one', tensor: g.fill(1, [2]) },
      ],
    });
    const memory = new Float32Array(12);
    const call = kernel?.bind(
      { x: memory.subarray(0, 3) },
      { y: memory.subarray(3, 6), same: memory.subarray(6, 9), one: memory.subarray(9, 11) },
    );
    memory.set([1, 2, 3]);
    void call?.run();
    expect([...memory]).toEqual([1, 2, 3, 2, 4, 6, 1, 2, 3, 1, 1, 0]);
    memory.set([5, 5, 5]);
    void call?.run();
    expect([...memory]).toEqual([5, 5, 5, 10, 10, 10, 5, 5, 5, 1, 1, 0]);
    expect(() => kernel?.bind({ x: new Float32Array(4) }, {})).toThrow(RangeError);
    expect(() => kernel?.bind({}, {})).toThrow(RangeError);
  });

  it('reads what is kept again only when it is told to, or when another call was in between', () => {
    const g = new Graph();
    const [x, factor] = [g.input('x', [2]), g.input('factor', [2])];
    const kernel = compileKernel({
      inputs: [
        { name: 'x', tensor: x },
        { name: 'factor', tensor: factor },
      ],
      outputs: [{ name: 'y', tensor: g.mul(x, factor) }],
    });
    const [values, kept, other, result] = [
      Float32Array.of(1, 2),
      Float32Array.of(3, 3),
      Float32Array.of(5, 5),
      new Float32Array(2),
    ];
    const call = kernel?.bind({ x: values, factor: kept }, { y: result }, new Set(['factor']));
    const another = kernel?.bind({ x: values, factor: other }, { y: result }, new Set(['factor']));
    void call?.run();
    expect([...result]).toEqual([3, 6]);
    values.set([4, 4]);
    kept.fill(7);
    void call?.run();
    expect([...result]).toEqual([12, 12]);
    call?.keptChanged?.();
    void call?.run();
    expect([...result]).toEqual([28, 28]);
    void another?.run();
    expect([...result]).toEqual([20, 20]);
    void call?.run();
    expect([...result]).toEqual([28, 28]);
  });

  it('is made for small float32 programs alone, of operations that it has code for', () => {
    const g = new Graph();
    const x = g.input('x', [4]);
    const wide = g.input('wide', [4], 'float64');
    const large = g.input('large', [400, 400]);
    const made = (input: Tensor, output: Tensor): boolean =>
      compileKernel({ inputs: ports([input]), outputs: ports([output]) }) !== null;
    expect(made(x, g.exp(x))).toBe(true);
    expect(made(x, g.erf(x))).toBe(false);
    expect(made(wide, g.exp(wide))).toBe(false);
    expect(made(large, g.matmul(large, large))).toBe(false);
  });
});
