import type { ModelGraph, ModelNode } from '../records/model/graph';
import type { LayerKind } from '../records/model/layers';
import type { LayerUnits } from './twin';

/** φ'(z) over its largest value, from z and φ(z). */
type SlopeAt = (z: number, a: number) => number;

/** Its mean, from the means of a = φ(z) and of a². */
type SlopeOfMoments = (mean: number, meanSquare: number) => number;

/** How the mean slope of an activation is found that saturates. */
type Slope = { readonly at: SlopeAt } | { readonly ofMoments: SlopeOfMoments };

const tanhSlope: Slope = { ofMoments: (_mean, meanSquare) => Math.max(0, 1 - meanSquare) };

/** The slopes of activations that saturate; null for those that do not. Kinds that are missing here are no activations. */
const slopes: { readonly [K in LayerKind]?: Slope | null } = {
  sigmoid: { ofMoments: (mean, meanSquare) => Math.max(0, 4 * (mean - meanSquare)) },
  tanh: tanhSlope,
  softsign: { at: (z) => 1 / (1 + Math.abs(z)) ** 2 },
  hardSigmoid: { at: (z) => (z > -3 && z < 3 ? 1 : 0) },
  hardTanh: { at: (z, a) => (a === z ? 1 : 0) },
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
  rnn: tanhSlope,
  lstm: null,
  gru: null,
};

const isRecurrent = ({ kind }: ModelNode): boolean => kind === 'rnn' || kind === 'lstm' || kind === 'gru';

function slopeOf(node: ModelNode): Slope | null {
  if (node.kind === 'rnn' && node.arguments.activation !== 'tanh') return null;
  return slopes[node.kind] ?? null;
}

/** Whether the mean slope of a node's units is found from what goes into it. */
export function needsInput(node: ModelNode): boolean {
  const slope = slopeOf(node);
  return slope !== null && 'at' in slope;
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
  /** How the slope is found; null where there is none. */
  private readonly slope: Slope | null;
  private readonly slopeSum: Float64Array | null;
  private readonly alive: Uint8Array;
  private count = 0;

  constructor(
    private readonly node: ModelNode,
    private readonly units: number,
  ) {
    this.sum = new Float64Array(units);
    this.squares = new Float64Array(units);
    this.slope = slopeOf(node);
    this.slopeSum = this.slope !== null && 'at' in this.slope ? new Float64Array(units) : null;
    this.alive = new Uint8Array(units);
  }

  /** Forgets what was added. */
  clear(): void {
    this.sum.fill(0);
    this.squares.fill(0);
    this.slopeSum?.fill(0);
    this.alive.fill(0);
    this.count = 0;
  }

  /** Adds a chunk: activations `a`, and what goes into them where `needsInput`, `inner` elements of one unit side by side. */
  add(z: Float32Array | null, a: Float32Array, inner: number): void {
    if (z !== null && this.slope !== null && 'at' in this.slope) this.addSlopes(z, a, inner, this.slope.at);
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

  private addSlopes(z: Float32Array, a: Float32Array, inner: number, slopeAt: SlopeAt): void {
    const { units, slopeSum } = this;
    if (slopeSum === null) return;
    for (let from = 0, unit = 0; from < a.length; from += inner, unit = unit + 1 === units ? 0 : unit + 1) {
      let own = 0;
      for (let i = from; i < from + inner; i++) own += slopeAt(z[i] as number, a[i] as number);
      slopeSum[unit] = (slopeSum[unit] as number) + own;
    }
  }

  result(): LayerUnits {
    const { count, units, slopeSum } = this;
    const { name, kind } = this.node;
    const [mean, deviation, dead] = [new Float32Array(units), new Float32Array(units), new Uint8Array(units)];
    const slope = this.slope === null ? null : new Float32Array(units);
    const ofMoments = this.slope !== null && 'ofMoments' in this.slope ? this.slope.ofMoments : null;
    const isMortal = canDie.has(kind);
    // Plain loops: mapping a short typed array through a function takes several times as long.
    for (let unit = 0; unit < units; unit++) {
      const [average, meanSquare] = [(this.sum[unit] as number) / count, (this.squares[unit] as number) / count];
      mean[unit] = average;
      deviation[unit] = Math.sqrt(Math.max(0, meanSquare - average ** 2));
      if (isMortal && this.alive[unit] === 0) dead[unit] = 1;
      if (slope === null) continue;
      slope[unit] = ofMoments === null ? (slopeSum?.[unit] ?? NaN) / count : ofMoments(average, meanSquare);
    }
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
