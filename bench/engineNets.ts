import { join, split } from '../src/graph/compose';
import { gradient, hessianVector } from '../src/graph/differentiate';
import { Graph } from '../src/graph/graph';
import type { Tensor } from '../src/graph/operations';
import { sizeOf } from '../src/graph/operations';
import { Random } from '../src/base/random';

/** The nets of the engine's table with their batch. */
export const nets = {
  '2-16-16-1': 64,
  '64-128-10': 128,
  '784-512-512-10': 256,
} as const;

export type NetName = keyof typeof nets;

/** A net's loss as a function of its parameters, over one batch. */
export interface Net {
  readonly g: Graph;
  readonly x: Tensor;
  readonly target: Tensor;
  readonly shapes: readonly (readonly number[])[];
  readonly dim: number;
  readonly loss: (parameters: readonly Tensor[]) => Tensor;
}

/** A net of the engine's table. */
export const buildNet = (name: NetName): Net => fullyConnected(name.split('-').map(Number), nets[name]);

/** A fully connected net: tanh and binary cross-entropy for one output, else ReLU and cross-entropy. */
export function fullyConnected(sizes: readonly number[], batch: number): Net {
  const classes = sizes.at(-1) ?? 1;
  const g = new Graph();
  const x = g.input('x', [batch, sizes[0] ?? 1]);
  const target = classes === 1 ? g.input('target', [batch, 1]) : g.input('target', [batch], 'int32');
  const shapes = sizes.slice(1).flatMap((after, layer) => [[after, sizes[layer] ?? 1], [after]]);
  const loss = (parameters: readonly Tensor[]): Tensor => {
    let h = x;
    for (let layer = 0; 2 * layer < parameters.length; layer++) {
      const [w, b] = [parameters[2 * layer], parameters[2 * layer + 1]] as [Tensor, Tensor];
      if (layer > 0) h = classes === 1 ? g.tanh(h) : g.relu(h);
      h = g.add(g.matmul(h, w, { transposeB: true }), b);
    }
    // Written as the engine writes it for a script.
    if (classes === 1) return g.mean(g.add(g.mul(g.sub(1, target), h), g.softplus(g.neg(h))));
    return g.neg(g.mean(g.takeAlong(g.logSoftmax(h), g.reshape(target, [batch, 1]), 1)));
  };
  return { g, x, target, shapes, dim: shapes.reduce((total, shape) => total + sizeOf(shape), 0), loss };
}

/** Values of the parameters and the batch. */
export function drawValues(net: Net): {
  readonly theta: Float32Array;
  readonly x: Float32Array;
  readonly target: Float32Array | Int32Array;
} {
  const random = new Random(1);
  const classes = net.target.dtype === 'int32' ? 10 : 1;
  const theta = new Float32Array(net.dim);
  let offset = 0;
  for (const shape of net.shapes) {
    const bound = 1 / Math.sqrt(shape[1] ?? shape[0] ?? 1);
    for (let i = 0; i < sizeOf(shape); i++) theta[offset++] = random.uniform(-bound, bound);
  }
  const x = Float32Array.from({ length: sizeOf(net.x.shape) }, () => random.normal());
  const labels = Array.from({ length: sizeOf(net.target.shape) }, () => random.integer(Math.max(2, classes)));
  return { theta, x, target: classes === 1 ? Float32Array.from(labels) : Int32Array.from(labels) };
}

/** What one optimizer step changes: state tensors before and after. */
export interface StepGraph {
  readonly state: readonly { readonly name: string; readonly current: Tensor; readonly next: Tensor; readonly length: number }[];
  readonly loss: Tensor;
}

/** θ ← θ - η g. */
export function sgdStep(net: Net, flat: boolean): StepGraph {
  const { g } = net;
  const { state, parameters } = parametersOf(net, flat);
  const loss = net.loss(parameters);
  const slopes = gradient(g, loss, parameters);
  const next = (flat ? [join(g, slopes)] : slopes).map((slope, i) => g.sub(state[i] ?? slope, g.mul(slope, 1e-3)));
  return { state: state.map((current, i) => entry(`p${i}`, current, next[i] ?? current)), loss };
}

/** Adam as PyTorch has it: β 0.9 and 0.999, ε 1e-8, bias corrections from a step counter. */
export function adamStep(net: Net, flat: boolean): StepGraph {
  const { g } = net;
  const { state, parameters } = parametersOf(net, flat);
  const loss = net.loss(parameters);
  const slopes = gradient(g, loss, parameters);
  const power1 = g.input('power1', []);
  const power2 = g.input('power2', []);
  const rate = g.div(1e-5, g.sub(1, power1));
  const root = g.sqrt(g.sub(1, power2));
  const entries = (flat ? [join(g, slopes)] : slopes).flatMap((slope, i) => {
    const [p, m, v] = [state[i] ?? slope, g.input(`m${i}`, slope.shape), g.input(`v${i}`, slope.shape)];
    const nextM = g.add(g.mul(m, 0.9), g.mul(slope, 0.1));
    const nextV = g.add(g.mul(v, 0.999), g.mul(g.mul(slope, slope), 0.001));
    const nextP = g.sub(p, g.mul(g.div(nextM, g.add(g.div(g.sqrt(nextV), root), 1e-8)), rate));
    return [entry(`p${i}`, p, nextP), entry(`m${i}`, m, nextM), entry(`v${i}`, v, nextV)];
  });
  return {
    state: [...entries, entry('power1', power1, g.mul(power1, 0.9)), entry('power2', power2, g.mul(power2, 0.999))],
    loss,
  };
}

function entry(name: string, current: Tensor, next: Tensor): StepGraph['state'][number] {
  return { name, current, next, length: sizeOf(current.shape) };
}

function parametersOf(
  { g, shapes, dim }: Net,
  flat: boolean,
): { readonly state: readonly Tensor[]; readonly parameters: readonly Tensor[] } {
  if (!flat) {
    const state = shapes.map((shape, i) => g.input(`p${i}`, shape));
    return { state, parameters: state };
  }
  const theta = g.input('p0', [dim]);
  return { state: [theta], parameters: split(g, theta, shapes) };
}

/** Hv over separate tensors, or over flat vectors. */
export function hvpGraph(net: Net, flat: boolean) {
  const { g, shapes, dim } = net;
  const { state, parameters } = parametersOf(net, flat);
  const loss = net.loss(parameters);
  if (flat) {
    const v = g.input('v0', [dim]);
    return { state, vectors: [v], products: [join(g, hessianVector(g, loss, parameters, split(g, v, shapes)))] };
  }
  const vectors = shapes.map((shape, i) => g.input(`v${i}`, shape));
  return { state, vectors, products: hessianVector(g, loss, parameters, vectors) };
}
