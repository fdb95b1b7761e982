import type { Values } from './rule';
import { strongWolfe, type LinePoint } from './strongWolfe';

/** Least yᵀs with which a pair of changes is kept. */
const leastCurvature = 1e-10;

/** The script's closure: clears and computes the gradient at the present parameters, which it returns with the loss. */
export type Closure = () => Promise<{ readonly loss: number; readonly gradient: Float32Array }>;

interface Memory {
  readonly iterations: number;
  /** Changes of the gradient and of the parameters, oldest first. */
  readonly pairs: readonly { readonly y: Float32Array; readonly s: Float32Array; readonly inverse: number }[];
  readonly scale: number;
  readonly direction: Float32Array;
  readonly length: number;
  readonly gradient: Float32Array;
}

/** torch.optim.LBFGS: several iterations a step, each with its own evaluations of the closure. */
export class Lbfgs {
  private memory: Memory | null = null;

  constructor(private readonly settings: Values<'lbfgs'>) {}

  /** One step from `theta`, which moves on in place. `first` is the closure's value there. */
  async step(theta: Float32Array, rate: number, closure: Closure, first: Awaited<ReturnType<Closure>>): Promise<void> {
    const { maxIterations, maxEvaluations, gradientTolerance, changeTolerance, lineSearch } = this.settings;
    let loss = first.loss;
    let gradient: Float32Array = first.gradient.slice();
    let evaluations = 1;
    if (largest(gradient) <= gradientTolerance) return;
    for (let round = 1; round <= maxIterations; round++) {
      const { direction, iterations, pairs, scale } = this.directionAt(gradient);
      const before = loss;
      const slope = dot(gradient, direction);
      let length = iterations === 1 ? Math.min(1, 1 / sumOfSizes(gradient)) * rate : rate;
      this.memory = { iterations, pairs, scale, direction, length, gradient };
      if (slope > -changeTolerance) break;
      let flat = false;
      let taken = 0;
      if (lineSearch) {
        const origin = theta.slice();
        const at = async (t: number): Promise<LinePoint> => {
          moveTo(theta, origin, t, direction);
          const seen = await closure();
          const g = seen.gradient.slice();
          return { t, f: seen.loss, g, slope: dot(g, direction) };
        };
        const found = await strongWolfe(at, { t: 0, f: loss, g: gradient, slope }, length, largest(direction));
        ({ t: length, f: loss, g: gradient } = found.point);
        moveTo(theta, origin, length, direction);
        taken = found.evaluations;
        flat = largest(gradient) <= gradientTolerance;
      } else {
        moveTo(theta, theta, length, direction);
        if (round !== maxIterations) {
          const seen = await closure();
          loss = seen.loss;
          gradient = seen.gradient.slice();
          flat = largest(gradient) <= gradientTolerance;
          taken = 1;
        }
      }
      this.memory = { ...this.memory, length };
      evaluations += taken;
      if (evaluations >= maxEvaluations || flat || !Number.isFinite(loss)) break;
      if (largest(direction) * Math.abs(length) <= changeTolerance || Math.abs(loss - before) < changeTolerance) break;
    }
  }

  /** The state, to be put back by `load`; vectors in it are never changed. */
  save(): unknown {
    return this.memory;
  }

  load(state: unknown): void {
    this.memory = state as Memory | null;
  }

  /** The quasi-Newton direction at `gradient`, by the two loops over the pairs. */
  private directionAt(gradient: Float32Array): Omit<Memory, 'length' | 'gradient'> {
    const { memory } = this;
    if (memory === null) return { iterations: 1, pairs: [], scale: 1, direction: gradient.map((g) => -g) };
    const y = gradient.map((g, i) => g - (memory.gradient[i] as number));
    const s = memory.direction.map((d) => d * memory.length);
    const curvature = dot(y, s);
    const kept = curvature > leastCurvature;
    const pairs = kept ? [...memory.pairs, { y, s, inverse: 1 / curvature }] : memory.pairs;
    const limited = pairs.slice(-this.settings.history);
    const scale = kept ? curvature / dot(y, y) : memory.scale;
    const direction = gradient.map((g) => -g);
    const shares = new Float64Array(limited.length);
    for (let i = limited.length - 1; i >= 0; i--) {
      const pair = limited[i] as Memory['pairs'][number];
      shares[i] = dot(pair.s, direction) * pair.inverse;
      addScaled(direction, pair.y, -(shares[i] as number));
    }
    for (let i = 0; i < direction.length; i++) direction[i] = (direction[i] as number) * scale;
    limited.forEach((pair, i) => {
      const share = dot(pair.y, direction) * pair.inverse;
      addScaled(direction, pair.s, (shares[i] as number) - share);
    });
    return { iterations: memory.iterations + 1, pairs: limited, scale, direction };
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function addScaled(target: Float32Array, addend: Float32Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) + factor * (addend[i] as number);
}

/** theta ← origin + t · direction. */
function moveTo(theta: Float32Array, origin: Float32Array, t: number, direction: Float32Array): void {
  for (let i = 0; i < theta.length; i++) theta[i] = (origin[i] as number) + t * (direction[i] as number);
}

function largest(x: Float32Array): number {
  let most = 0;
  for (const value of x) most = Math.max(most, Math.abs(value));
  return most;
}

function sumOfSizes(x: Float32Array): number {
  let sum = 0;
  for (const value of x) sum += Math.abs(value);
  return sum;
}
