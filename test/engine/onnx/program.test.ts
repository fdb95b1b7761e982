import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random';
import type { Port } from '../../../src/engine/onnx/runtime';
import { gradient, hessianVector } from '../../../src/graph/differentiate';
import { Graph } from '../../../src/graph/graph';
import type { Tensor } from '../../../src/graph/operations';
import { sizeOf } from '../../../src/graph/operations';
import { packResiduals, residualsOf } from '../../../src/graph/residuals';
import { evaluate } from '../../graph/evaluate';
import { libraries, runtimeOn } from './runtimes';

const random = new Random(11);
const normals = (shape: readonly number[]): Float64Array => Float64Array.from({ length: sizeOf(shape) }, () => random.normal());
const ports = (tensors: readonly Tensor[], prefix: string): readonly Port[] =>
  tensors.map((tensor, i) => ({ name: `${prefix}${i}`, tensor }));
const feeds = (tensors: readonly Tensor[], prefix: string, values: readonly Float64Array[]) =>
  Object.fromEntries(tensors.map((_, i) => [`${prefix}${i}`, values[i] ?? new Float64Array()]));

function expectClose(actual: ArrayLike<number> | undefined, expected: ArrayLike<number> | undefined, digits = 10): void {
  expect(actual?.length).toBe(expected?.length);
  Array.from(actual ?? []).forEach((value, i) => expect(value).toBeCloseTo(expected?.[i] ?? NaN, digits));
}

/** A tanh network with a softmax cross-entropy in float64. */
function network() {
  const g = new Graph();
  const x = g.input('x', [6, 3], 'float64');
  const target = g.input('target', [6, 4], 'float64');
  const parameters = [[3, 5], [5], [5, 4], [4]].map((shape, i) => g.input(`p${i}`, shape, 'float64'));
  const tangents = parameters.map(({ shape }, i) => g.input(`t${i}`, shape, 'float64'));
  const [w1, b1, w2, b2] = parameters as [Tensor, Tensor, Tensor, Tensor];
  const logits = g.add(g.matmul(g.tanh(g.add(g.matmul(x, w1), b1)), w2), b2);
  const loss = g.neg(g.mean(g.sum(g.mul(target, g.logSoftmax(logits)), [1])));
  return { g, x, target, parameters, tangents, loss };
}

describe.each(libraries)('a program on %s', (library) => {
  const runtime = runtimeOn(library);

  it.each(['alone', 'packed'])('split at its residuals, %s, gives the same Hessian-vector products', async (how) => {
    const { g, x, target, parameters, tangents, loss } = network();
    const products = hessianVector(g, loss, parameters, tangents);
    const given = [x, target, ...parameters];
    const cut = residualsOf(products, tangents);
    const residuals = how === 'packed' ? packResiduals(g, cut) : cut;
    const first = await runtime.compile({ inputs: ports(given, 'x'), outputs: ports(residuals, 'r') });
    const second = await runtime.compile({
      inputs: [...ports(residuals, 'r'), ...ports(tangents, 't')],
      outputs: ports(products, 'h'),
    });
    const values = given.map(({ shape }) => normals(shape));
    const kept = await first.run(feeds(given, 'x', values));
    for (let repeat = 0; repeat < 2; repeat++) {
      const directions = tangents.map(({ shape }) => normals(shape));
      const split = await second.run({ ...kept, ...feeds(tangents, 't', directions) });
      const names = { x: values[0], target: values[1] };
      const inputs = Object.assign({}, names, feeds(parameters, 'p', values.slice(2)), feeds(tangents, 't', directions));
      evaluate(products, inputs as Record<string, Float64Array>).forEach((expected, i) => expectClose(split[`h${i}`], expected));
    }
    expect(residuals.length).toBeLessThan(how === 'packed' ? 7 : 12);
    first.dispose();
    second.dispose();
  });

  it('writes into the memory it was bound to, reading what is there at each run', async () => {
    const g = new Graph();
    const x = g.input('x', [3]);
    const program = await runtime.compile({ inputs: ports([x], 'x'), outputs: ports([g.mul(x, 2), g.exp(x)], 'y') });
    const memory = new Float32Array(9);
    const call = program.bind({ x0: memory.subarray(0, 3) }, { y0: memory.subarray(3, 6) });
    memory.set([1, 2, 3]);
    await call.run();
    expect([...memory]).toEqual([1, 2, 3, 2, 4, 6, 0, 0, 0]);
    memory.set([5, 5, 5]);
    await call.run();
    expect([...memory]).toEqual([5, 5, 5, 10, 10, 10, 0, 0, 0]);
    program.dispose();
  });

  it('may yield an input, a number and the same tensor twice, and be given what it does not need', async () => {
    const g = new Graph();
    const x = g.input('x', [2]);
    const unused = g.input('unused', [4]);
    const doubled = g.mul(x, 2);
    const program = await runtime.compile({
      inputs: ports([x, unused], 'x'),
      outputs: ports([x, g.fill(7, [2]), doubled, doubled], 'y'),
    });
    const results = await program.run({ x0: Float32Array.of(1, 2), x1: new Float32Array(4) });
    expect(results).toEqual({
      y0: Float32Array.of(1, 2),
      y1: Float32Array.of(7, 7),
      y2: Float32Array.of(2, 4),
      y3: Float32Array.of(2, 4),
    });
    program.dispose();
  });

  it('can be cut at any tensor', async () => {
    const g = new Graph();
    const x = g.input('x', [2]);
    const middle = g.exp(x);
    const program = await runtime.compile({ inputs: ports([middle], 'm'), outputs: ports([g.add(middle, 1)], 'y') });
    expect((await program.run({ m0: Float32Array.of(1, 2) })).y0).toEqual(Float32Array.of(2, 3));
    program.dispose();
  });

  it('says which memory is missing or of the wrong length', async () => {
    const g = new Graph();
    const x = g.input('x', [2]);
    const program = await runtime.compile({ inputs: ports([x], 'x'), outputs: ports([g.exp(x)], 'y') });
    expect(() => program.bind({}, {})).toThrow('no memory for x0');
    expect(() => program.bind({ x0: new Float32Array(3) }, {})).toThrow('3 elements for x0, which has 2');
    program.dispose();
  });

  it('adds up every update of a scatter, on two threads too', async () => {
    const g = new Graph();
    const count = 20000;
    const rows = Int32Array.from({ length: count }, (_, i) => i % 7);
    const updates = g.input('u', [count, 8], 'float64');
    const summed = g.scatterAdd(g.constant(rows, [count]), updates, 0, 7);
    const program = await runtimeOn(library, { threads: 2 }).compile({
      inputs: ports([updates], 'u'),
      outputs: ports([summed], 'y'),
    });
    const values = normals([count, 8]);
    const { y0 } = await program.run({ u0: values });
    const expected = new Float64Array(56);
    values.forEach(
      (value, i) => (expected[((i >> 3) % 7) * 8 + (i & 7)] = (expected[((i >> 3) % 7) * 8 + (i & 7)] ?? 0) + value),
    );
    expectClose(y0, expected);
    program.dispose();
  });

  it('fuses sums and multiples of products without changing them', async () => {
    const g = new Graph();
    const [a, b, c] = [g.input('a', [3, 4], 'float64'), g.input('b', [4, 2], 'float64'), g.input('c', [3, 2], 'float64')];
    const bias = g.input('d', [2], 'float64');
    const product = g.matmul(a, b);
    const outputs = [
      g.sub(c, g.mul(product, 0.5)),
      g.sub(g.matmul(c, b, { transposeB: true }), a),
      g.add(g.mul(g.matmul(a, g.exp(b)), 0.1), bias),
      g.add(g.matmul(g.exp(a), b), g.matmul(a, g.neg(b))),
      g.neg(g.matmul(g.tanh(a), b)),
    ];
    const inputs = [a, b, c, bias];
    const program = await runtime.compile({ inputs: ports(inputs, 'x'), outputs: ports(outputs, 'y') });
    const values = inputs.map(({ shape }) => normals(shape));
    const results = await program.run(feeds(inputs, 'x', values));
    const [av, bv, cv, dv] = values;
    const named = { a: av, b: bv, c: cv, d: dv } as Record<string, Float64Array>;
    evaluate(outputs, named).forEach((expected, i) => expectClose(results[`y${i}`], expected, 12));
    program.dispose();
  });

  it('differentiates through many layers', async () => {
    const g = new Graph();
    const x = g.input('x', [2, 3], 'float64');
    const weights = Array.from({ length: 50 }, (_, i) => g.input(`p${i}`, [3, 3], 'float64'));
    const loss = g.sum(weights.reduce((h, w) => g.tanh(g.matmul(h, w)), x));
    const gradients = gradient(g, loss, weights);
    const program = await runtime.compile({
      inputs: [...ports([x], 'x'), ...ports(weights, 'p')],
      outputs: ports(gradients, 'g'),
    });
    const values = weights.map(() => normals([3, 3]));
    const start = normals([2, 3]);
    const results = await program.run({ x0: start, ...feeds(weights, 'p', values) });
    const inputs = { x: start, ...feeds(weights, 'p', values) };
    evaluate(gradients, inputs).forEach((expected, i) => expectClose(results[`g${i}`], expected));
    program.dispose();
  });
});
