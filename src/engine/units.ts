import type { ModelGraph, ModelNode } from '../records/model/graph';
import type { LayerKind } from '../records/model/layers';
import type { LayerUnits } from './twin';

/**
 * φ'(z) over its largest value, from z and φ(z), for activations that saturate; null for those that do not.
 * Kinds that are missing here are no activations.
 */
const slopes: { readonly [K in LayerKind]?: ((z: number, a: number) => number) | null } = {
  sigmoid: (_z, a) => 4 * a * (1 - a),
  tanh: (_z, a) => 1 - a * a,
  softsign: (z) => 1 / (1 + Math.abs(z)) ** 2,
  hardSigmoid: (z) => (z > -3 && z < 3 ? 1 : 0),
  hardTanh: (z, a) => (a === z ? 1 : 0),
  relu: null,
  relu6: null,
  leakyRelu: null,
  prelu: null,
  elu: null,
  selu: null,
  celu: null,
  gelu: null,
  silu: null,
  mish: null,
  hardSwish: null,
  softplus: null,
  softshrink: null,
  hardshrink: null,
  threshold: null,
  tanhshrink: null,
  logSigmoid: null,
  // The states; the gates of the others are made to be open or shut.
  rnn: (_z, a) => 1 - a * a,
  lstm: null,
  gru: null,
};

const isRecurrent = ({ kind }: ModelNode): boolean => kind === 'rnn' || kind === 'lstm' || kind === 'gru';

/** The slope of a node's activation; null where it does not saturate. */
export function slopeOf(node: ModelNode): ((z: number, a: number) => number) | null {
  if (node.kind === 'rnn' && node.arguments.activation !== 'tanh') return null;
  return slopes[node.kind] ?? null;
}

/** Indices of the model's activations, those before the loss. Of a cell that is called at many times the last call counts. */
export function activationNodes({ nodes, lossStart }: ModelGraph): number[] {
  const lastCall = new Map(nodes.map((node, index) => [node.parameters['weight_hh'], index]));
  return nodes.flatMap((node, index) => {
    if (index >= lossStart || slopes[node.kind] === undefined) return [];
    return isRecurrent(node) && lastCall.get(node.parameters['weight_hh']) !== index ? [] : [index];
  });
}

/** Which axis of an activation's output counts units: channels after a convolution, else the last. */
export function unitAxis({ nodes }: ModelGraph, index: number, rank: number): number {
  if (rank <= 2) return rank - 1;
  if (rank >= 4) return 1;
  for (let node: ModelNode | undefined = nodes[index]; node !== undefined; node = nodes[node.inputs[0] ?? -1]) {
    if (node.kind === 'conv1d' || node.kind === 'conv2d') return 1;
    if (node.kind === 'linear' || node.kind === 'embedding' || isRecurrent(node)) return rank - 1;
  }
  return 1;
}

/** Sums over rows of one activation's units. */
export class UnitSums {
  private readonly sum: Float64Array;
  private readonly squares: Float64Array;
  private readonly slope: Float64Array | null;
  private readonly alive: Uint8Array;
  private count = 0;

  constructor(
    private readonly node: ModelNode,
    private readonly units: number,
  ) {
    this.sum = new Float64Array(units);
    this.squares = new Float64Array(units);
    this.slope = slopeOf(node) ? new Float64Array(units) : null;
    this.alive = new Uint8Array(units);
  }

  /** Adds a chunk: pre-activations `z` (null where there is no slope) and activations `a`, `inner` elements of one unit side by side. */
  add(z: Float32Array | null, a: Float32Array, inner: number): void {
    const slopeAt = z === null ? null : slopeOf(this.node);
    if (slopeAt !== null && z !== null) this.addSlopes(z, a, inner, slopeAt);
    if (inner === 1) this.addRows(a);
    else this.addPlanes(a, inner);
    this.count += a.length / this.units;
  }

  /** Units side by side. */
  private addRows(a: Float32Array): void {
    const { units, sum, squares, alive } = this;
    for (let from = 0; from < a.length; from += units) {
      for (let unit = 0; unit < units; unit++) {
        const value = a[from + unit] as number;
        // Squares of single-precision numbers do not vanish in double precision.
        const square = value * value;
        sum[unit] = (sum[unit] as number) + value;
        squares[unit] = (squares[unit] as number) + square;
        if (square !== 0) alive[unit] = 1;
      }
    }
  }

  /** `inner` elements of one unit side by side. */
  private addPlanes(a: Float32Array, inner: number): void {
    const { units, sum, squares, alive } = this;
    for (let from = 0, unit = 0; from < a.length; from += inner, unit = unit + 1 === units ? 0 : unit + 1) {
      let own = 0;
      let ownSquares = 0;
      for (let i = from; i < from + inner; i++) {
        const value = a[i] as number;
        own += value;
        ownSquares += value * value;
      }
      sum[unit] = (sum[unit] as number) + own;
      squares[unit] = (squares[unit] as number) + ownSquares;
      if (ownSquares !== 0) alive[unit] = 1;
    }
  }

  private addSlopes(z: Float32Array, a: Float32Array, inner: number, slopeAt: (z: number, a: number) => number): void {
    const { units, slope } = this;
    if (slope === null) return;
    for (let from = 0, unit = 0; from < a.length; from += inner, unit = unit + 1 === units ? 0 : unit + 1) {
      let own = 0;
      for (let i = from; i < from + inner; i++) own += slopeAt(z[i] as number, a[i] as number);
      slope[unit] = (slope[unit] as number) + own;
    }
  }

  result(): LayerUnits {
    const { count } = this;
    const { name, kind } = this.node;
    const mean = Float32Array.from(this.sum, (total) => total / count);
    const deviation = Float32Array.from(this.squares, (total, unit) =>
      Math.sqrt(Math.max(0, total / count - ((this.sum[unit] as number) / count) ** 2)),
    );
    const slope = this.slope === null ? null : Float32Array.from(this.slope, (total) => total / count);
    const dead = this.alive.map((alive) => (alive === 0 && canDie.has(kind) ? 1 : 0));
    return { name, kind, mean, deviation, slope, dead };
  }
}

/** Activations that are 0 with slope 0 over a range. */
const canDie: ReadonlySet<LayerKind> = new Set<LayerKind>([
  'relu',
  'relu6',
  'hardSwish',
  'softshrink',
  'hardshrink',
  'threshold',
]);
