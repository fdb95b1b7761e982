import { denseOperator } from '../../src/curvature/dense';
import type { LinearOperator } from '../../src/curvature/operator';
import type { ParameterPlace } from '../../src/curvature/symmetry';

/** y = Σⱼ vⱼ φ(wⱼ·x + bⱼ) + c with squared error over fixed rows, in double precision, its gradient written out by hand. */
export interface TinyNet {
  readonly dim: number;
  readonly parameters: readonly ParameterPlace[];
  loss(theta: Float32Array): Promise<number>;
  gradient(theta: Float32Array, out: Float32Array): Promise<number>;
  rowGradients(theta: Float32Array): Float32Array[];
  /** Dense, from central differences of the gradient. */
  hessianEntries(theta: Float32Array): Float64Array;
  hessian(theta: Float32Array): Promise<LinearOperator>;
}

export function tinyNet(
  units: number,
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  linear = false,
): TinyNet {
  const inputs = rows[0]?.length ?? 1;
  const [b0, v0, c0] = [units * inputs, units * (inputs + 1), units * (inputs + 2)];
  const dim = c0 + 1;
  const phi = linear ? (z: number) => z : Math.tanh;
  const slope = linear ? () => 1 : (a: number) => 1 - a * a;

  const rowGradient = (theta: ArrayLike<number>, row: number, out: Float64Array): number => {
    const x = rows[row] as readonly number[];
    const t = (i: number): number => theta[i] as number;
    const activations = Array.from({ length: units }, (_, j) =>
      phi(x.reduce((sum, xi, i) => sum + xi * t(j * inputs + i), t(b0 + j))),
    );
    const error = activations.reduce((sum, a, j) => sum + a * t(v0 + j), t(c0)) - (targets[row] as number);
    activations.forEach((a, j) => {
      const back = 2 * error * t(v0 + j) * slope(a);
      x.forEach((xi, i) => (out[j * inputs + i] = back * xi));
      out[b0 + j] = back;
      out[v0 + j] = 2 * error * a;
    });
    out[c0] = 2 * error;
    return error * error;
  };
  const whole = (theta: ArrayLike<number>): { loss: number; gradient: Float64Array } => {
    const gradient = new Float64Array(dim);
    const one = new Float64Array(dim);
    let loss = 0;
    for (let row = 0; row < rows.length; row++) {
      loss += rowGradient(theta, row, one) / rows.length;
      for (let i = 0; i < dim; i++) gradient[i] = (gradient[i] as number) + (one[i] as number) / rows.length;
    }
    return { loss, gradient };
  };
  const hessianEntries = (theta: Float32Array): Float64Array => {
    const entries = new Float64Array(dim * dim);
    const point = Float64Array.from(theta);
    const h = 1e-5;
    for (let j = 0; j < dim; j++) {
      const at = point[j] as number;
      point[j] = at + h;
      const ahead = whole(point).gradient;
      point[j] = at - h;
      const behind = whole(point).gradient;
      point[j] = at;
      for (let i = 0; i < dim; i++) entries[i * dim + j] = ((ahead[i] as number) - (behind[i] as number)) / (2 * h);
    }
    return entries;
  };
  return {
    dim,
    parameters: [
      { name: 'hidden.weight', shape: [units, inputs], offset: 0, length: units * inputs },
      { name: 'hidden.bias', shape: [units], offset: b0, length: units },
      { name: 'out.weight', shape: [1, units], offset: v0, length: units },
      { name: 'out.bias', shape: [1], offset: c0, length: 1 },
    ],
    loss: (theta) => Promise.resolve(whole(theta).loss),
    gradient: (theta, out) => {
      const { loss, gradient } = whole(theta);
      out.set(gradient);
      return Promise.resolve(loss);
    },
    rowGradients: (theta) =>
      rows.map((_, row) => {
        const one = new Float64Array(dim);
        rowGradient(theta, row, one);
        return Float32Array.from(one);
      }),
    hessianEntries,
    hessian: (theta) => Promise.resolve(denseOperator(hessianEntries(theta), dim)),
  };
}
