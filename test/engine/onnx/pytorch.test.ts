import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { join, oneHot, split } from '../../../src/graph/compose';
import { gradient, hessianVector } from '../../../src/graph/differentiate';
import { Graph } from '../../../src/graph/graph';
import type { ConvGeometry, DType, PoolGeometry, Tensor } from '../../../src/graph/operations';
import { adaptiveAveragePool, averagePool } from '../../../src/graph/planes';
import { libraries, runtimeOn, type LibraryName } from './runtimes';

/** What the script beside the file wrote, computed by PyTorch in float64. */
interface Reference {
  readonly x: readonly number[];
  readonly target: readonly number[];
  readonly shapes: readonly (readonly number[])[];
  readonly parameters: readonly number[];
  readonly tangents: readonly number[];
  readonly loss: number;
  readonly gradient: readonly number[];
  readonly product: readonly number[];
}

const references = JSON.parse(readFileSync('test/graph/reference/networks.json', 'utf8')) as Record<Network, Reference>;

type Network = keyof typeof networks;
type Build = (g: Graph, x: Tensor, target: Tensor, p: readonly Tensor[]) => Tensor;

/** The pieces of p that a network names. */
const named = (p: readonly Tensor[]): [Tensor, Tensor, Tensor, Tensor, Tensor] => p as [Tensor, Tensor, Tensor, Tensor, Tensor];
const linear = (g: Graph, x: Tensor, w: Tensor, b?: Tensor): Tensor => {
  const product = g.matmul(x, w, { transposeB: true });
  return b === undefined ? product : g.add(product, b);
};
const gelu = (g: Graph, x: Tensor): Tensor => g.mul(g.mul(x, 0.5), g.add(g.erf(g.mul(x, Math.SQRT1_2)), 1));

const classifier: Build = (g, x, labels, p) => {
  const [w1, b1, w2, b2] = named(p);
  const logits = linear(g, g.tanh(linear(g, x, w1, b1)), w2, b2);
  return g.neg(g.mean(g.sum(g.mul(oneHot(g, labels, 3, x.dtype), g.logSoftmax(logits)), [1])));
};

const regression: Build = (g, x, target, p) => {
  const [w1, b1, w2, b2, w3] = named(p);
  const hidden = g.relu(linear(g, gelu(g, linear(g, x, w1, b1)), w2, b2));
  const error = g.abs(g.sub(linear(g, hidden, w3), target));
  return g.mean(g.where(g.greater(0.5, error), g.square(error), g.sub(error, 0.25)));
};

const binary: Build = (g, x, target, p) => {
  const [w1, scale, shift, w2] = named(p);
  const z = linear(g, x, w1);
  const centred = g.sub(z, g.mean(z, [1], true));
  const variance = g.mean(g.square(centred), [1], true);
  const normed = g.add(g.mul(g.div(centred, g.sqrt(g.add(variance, 1e-5))), scale), shift);
  const logits = linear(g, g.softplus(normed), w2);
  return g.mean(g.sub(g.softplus(logits), g.mul(logits, target)));
};

const attention: Build = (g, x, target, p) => {
  const [wq, wk, wv] = named(p);
  const [q, k, v] = [g.matmul(x, wq), g.matmul(x, wk), g.matmul(x, wv)];
  const weights = g.softmax(g.div(g.matmul(q, k, { transposeB: true }), 2));
  return g.mean(g.square(g.sub(g.sigmoid(g.matmul(weights, v)), target)));
};

const embedding: Build = (g, rows, labels, p) => {
  const [table, w] = named(p);
  const logits = linear(g, g.mean(g.gather(table, rows), [1]), w);
  return g.neg(g.mean(g.takeAlong(g.logSoftmax(logits), g.reshape(labels, [5, 1]), 1)));
};

const geometry = (stride: number, pad: number, dilation = 1, groups = 1): ConvGeometry => ({
  strides: [stride, stride],
  pads: [pad, pad, pad, pad],
  dilations: [dilation, dilation],
  groups,
});
const window = (size: number, pad: number, ceil: boolean): PoolGeometry => ({ ...geometry(2, pad), kernel: [size, size], ceil });
const perChannel = (g: Graph, b: Tensor): Tensor => g.reshape(b, [...b.shape, 1, 1]);

const lenet: Build = (g, x, labels, p) => {
  const [w1, b1, w2, b2, w3] = named(p);
  const first = g.maxPool(g.relu(g.add(g.conv(x, w1, geometry(1, 1)), perChannel(g, b1))), window(2, 0, false));
  const second = averagePool(g, g.tanh(g.add(g.conv(first, w2, geometry(2, 1)), perChannel(g, b2))), window(3, 1, true), true);
  const logits = linear(g, g.reshape(second, [2, 12]), w3);
  return g.neg(g.mean(g.takeAlong(g.logSoftmax(logits), g.reshape(labels, [2, 1]), 1)));
};

const grouped: Build = (g, x, target, p) => {
  const [w1, w2] = named(p);
  const narrow = g.softplus(g.conv(x, w1, geometry(1, 0, 2, 2)));
  const widened = g.convInput(narrow, w2, geometry(2, 1), [8, 8]);
  const pooled = averagePool(g, widened, window(3, 1, false), false);
  return g.mean(g.square(g.sub(adaptiveAveragePool(g, g.sigmoid(pooled), [2, 3]), target)));
};

const networks = {
  lenet: { build: lenet, x: [2, 1, 8, 8], target: [2], indices: ['target'] },
  grouped: { build: grouped, x: [1, 4, 6, 6], target: [1, 2, 2, 3], indices: [] },
  classifier: { build: classifier, x: [6, 4], target: [6], indices: ['target'] },
  regression: { build: regression, x: [6, 4], target: [6, 2], indices: [] },
  binary: { build: binary, x: [7, 3], target: [7, 1], indices: [] },
  attention: { build: attention, x: [2, 3, 4], target: [2, 3, 4], indices: [] },
  embedding: { build: embedding, x: [5, 3], target: [5], indices: ['x', 'target'] },
} satisfies Record<string, { build: Build; x: readonly number[]; target: readonly number[]; indices: readonly string[] }>;

async function compute(library: LibraryName, name: Network, dtype: DType) {
  const { build, x: xShape, target: targetShape, indices } = networks[name];
  const reference = references[name];
  const g = new Graph();
  const typeOf = (input: string): DType => ((indices as readonly string[]).includes(input) ? 'int32' : dtype);
  const x = g.input('x', xShape, typeOf('x'));
  const target = g.input('target', targetShape, typeOf('target'));
  const theta = g.input('theta', [reference.parameters.length], dtype);
  const v = g.input('v', [reference.parameters.length], dtype);
  const parameters = split(g, theta, reference.shapes);
  const loss = build(g, x, target, parameters);
  const slope = join(g, gradient(g, loss, parameters));
  const product = join(g, hessianVector(g, loss, parameters, split(g, v, reference.shapes)));
  const inputs = { x, target, theta, v };
  const program = await runtimeOn(library).compile({
    inputs: Object.entries(inputs).map(([port, tensor]) => ({ name: port, tensor })),
    outputs: Object.entries({ loss, slope, product }).map(([port, tensor]) => ({ name: port, tensor })),
  });
  const floats = (values: readonly number[]) => (dtype === 'float64' ? Float64Array.from(values) : Float32Array.from(values));
  const typed = (port: string, values: readonly number[]) =>
    typeOf(port) === 'int32' ? Int32Array.from(values) : floats(values);
  const results = await program.run({
    x: typed('x', reference.x),
    target: typed('target', reference.target),
    theta: floats(reference.parameters),
    v: floats(reference.tangents),
  });
  program.dispose();
  return results;
}

/** ‖a - b‖ / ‖b‖. */
function distance(a: ArrayLike<number> | undefined, b: readonly number[]): number {
  const norm = (values: readonly number[]): number => Math.hypot(...values);
  return norm(b.map((value, i) => value - (a?.[i] ?? NaN))) / norm(b);
}

describe.each(Object.keys(networks) as Network[])('%s as PyTorch computes it', (name) => {
  it.each(
    libraries.flatMap(
      (library) =>
        [
          [library, 'float64', 1e-12],
          [library, 'float32', 1e-5],
        ] as const,
    ),
  )('on %s in %s to %f', async (library, dtype, tolerance) => {
    const { loss, slope, product } = await compute(library, name, dtype);
    expect(distance(loss, [references[name].loss])).toBeLessThan(tolerance);
    expect(distance(slope, references[name].gradient)).toBeLessThan(tolerance);
    expect(distance(product, references[name].product)).toBeLessThan(tolerance);
  });
});
