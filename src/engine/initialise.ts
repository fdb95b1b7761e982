import type { Random } from '../base/random';
import type { Initializer } from '../records/model/initializer';

/** What an initialiser needs to know beside its own numbers. */
export interface InitialisationSite {
  readonly shape: readonly number[];
  /** Shape of parameter `index`, for `biasUniform`. */
  readonly shapeOf: (index: number) => readonly number[];
}

type InitializerKind = Initializer['kind'];
type InitializerOf<K extends InitializerKind> = Extract<Initializer, { readonly kind: K }>;
type Fill<I> = (out: Float32Array, initializer: I, site: InitialisationSite, random: Random) => void;

/** Fills `out` with first values, in torch.nn.init's distributions; numbers come from `random` alone. */
export function initialise(out: Float32Array, initializer: Initializer, site: InitialisationSite, random: Random): void {
  const fill = fills[initializer.kind] as Fill<Initializer>;
  fill(out, initializer, site, random);
  const width = out.length / Math.max(1, site.shape[0] ?? 1);
  for (const { from, to, value } of initializer.filled ?? []) out.fill(value, from * width, to * width);
}

/** Connections into and out of a unit, torch.nn.init._calculate_fan_in_and_fan_out; a vector counts as one row. */
export function fans(shape: readonly number[]): { readonly fanIn: number; readonly fanOut: number } {
  const receptive = shape.slice(2).reduce((product, size) => product * size, 1);
  return { fanIn: (shape[1] ?? shape[0] ?? 1) * receptive, fanOut: (shape[0] ?? 1) * receptive };
}

/** torch.nn.init.calculate_gain. */
export function gainOf(nonlinearity: string, slope: number): number {
  switch (nonlinearity) {
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.SQRT2;
    case 'leaky_relu':
      return Math.sqrt(2 / (1 + slope * slope));
    case 'selu':
      return 3 / 4;
    default:
      return 1;
  }
}

const fills: { readonly [K in InitializerKind]: Fill<InitializerOf<K>> } = {
  uniform: (out, { low, high }, _site, random) => fillUniform(out, low, high, random),
  normal: (out, { mean, deviation }, _site, random) => fillNormal(out, mean, deviation, random),
  truncatedNormal: (out, { mean, deviation, low, high }, _site, random) => {
    for (let i = 0; i < out.length; i++) out[i] = truncatedNormal(mean, deviation, low, high, random);
  },
  constant: (out, { value }) => void out.fill(value),
  xavierUniform: (out, { gain }, { shape }, random) => {
    const bound = gain * Math.sqrt(6 / (fans(shape).fanIn + fans(shape).fanOut));
    fillUniform(out, -bound, bound, random);
  },
  xavierNormal: (out, { gain }, { shape }, random) =>
    fillNormal(out, 0, gain * Math.sqrt(2 / (fans(shape).fanIn + fans(shape).fanOut)), random),
  kaimingUniform: (out, initializer, { shape }, random) => {
    const bound = Math.sqrt(3) * kaimingDeviation(initializer, shape);
    fillUniform(out, -bound, bound, random);
  },
  kaimingNormal: (out, initializer, { shape }, random) => fillNormal(out, 0, kaimingDeviation(initializer, shape), random),
  varianceScaling: (out, initializer, { shape }, random) => fillScaled(out, initializer, shape, random),
  orthogonal: (out, { gain }, { shape }, random) => fillOrthogonal(out, gain, shape, random),
  sparse: (out, { sparsity, deviation }, { shape }, random) => fillSparse(out, sparsity, deviation, shape, random),
  identity: (out, { groups = 1 }, { shape }) => fillIdentity(out, shape, groups),
  biasUniform: (out, { weight, factor = 1 }, { shapeOf }, random) => {
    const bound = factor / Math.sqrt(Math.max(1, fans(shapeOf(weight)).fanIn));
    fillUniform(out, -bound, bound, random);
  },
  values: (out, { values }) => void out.set(values.slice(0, out.length)),
};

type Kaiming = InitializerOf<'kaimingUniform' | 'kaimingNormal'>;

function kaimingDeviation({ slope, mode, nonlinearity }: Kaiming, shape: readonly number[]): number {
  return gainOf(nonlinearity, slope) / Math.sqrt(Math.max(1, fans(shape)[mode]));
}

/** Deviation of a standard normal number that is cut at two deviations. */
const cutDeviation = 0.879_625_661_034_239_78;

function fillScaled(
  out: Float32Array,
  { scale, mode, distribution }: InitializerOf<'varianceScaling'>,
  shape: readonly number[],
  random: Random,
): void {
  const { fanIn, fanOut } = fans(shape);
  const fan = mode === 'fanIn' ? fanIn : mode === 'fanOut' ? fanOut : (fanIn + fanOut) / 2;
  const deviation = Math.sqrt(scale / Math.max(1, fan));
  if (distribution === 'uniform') return fillUniform(out, -Math.sqrt(3) * deviation, Math.sqrt(3) * deviation, random);
  if (distribution === 'normal') return fillNormal(out, 0, deviation, random);
  const wide = deviation / cutDeviation;
  for (let i = 0; i < out.length; i++) out[i] = truncatedNormal(0, wide, -2 * wide, 2 * wide, random);
}

function fillUniform(out: Float32Array, low: number, high: number, random: Random): void {
  for (let i = 0; i < out.length; i++) out[i] = random.uniform(low, high);
}

function fillNormal(out: Float32Array, mean: number, deviation: number, random: Random): void {
  for (let i = 0; i < out.length; i++) out[i] = random.normal(mean, deviation);
}

/**
 * A normal number inside [low, high], by rejection from the uniform density there. The interval is
 * cut at 8 deviations, beyond which a double holds no mass to speak of.
 */
function truncatedNormal(mean: number, deviation: number, low: number, high: number, random: Random): number {
  const from = Math.max((low - mean) / deviation, -8);
  const to = Math.min((high - mean) / deviation, 8);
  if (!(from < to)) return Math.min(high, Math.max(low, mean));
  const nearest = from > 0 ? from : to < 0 ? to : 0;
  for (;;) {
    const z = random.uniform(from, to);
    if (random.uniform() < Math.exp((nearest * nearest - z * z) / 2)) return mean + deviation * z;
  }
}

/** Orthonormal rows (or columns, of the longer side): Gram-Schmidt, twice, on a normal matrix; R's diagonal is positive. */
function fillOrthogonal(out: Float32Array, gain: number, shape: readonly number[], random: Random): void {
  const rows = shape[0] ?? 1;
  const columns = out.length / rows;
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const basis = Array.from({ length: count }, () => Float64Array.from({ length }, () => random.normal()));
  basis.forEach((vector, k) => {
    for (let pass = 0; pass < 2; pass++) {
      for (const earlier of basis.slice(0, k)) {
        const overlap = earlier.reduce((sum, e, i) => sum + e * (vector[i] as number), 0);
        for (let i = 0; i < length; i++) vector[i] = (vector[i] as number) - overlap * (earlier[i] as number);
      }
    }
    const norm = Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0));
    for (let i = 0; i < length; i++) vector[i] = (vector[i] as number) / norm;
  });
  const at = rows <= columns ? (i: number, j: number) => basis[i]?.[j] : (i: number, j: number) => basis[j]?.[i];
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[i * columns + j] = gain * (at(i, j) ?? 0);
}

/** Normal numbers with ⌈sparsity · rows⌉ zeros in every column. */
function fillSparse(out: Float32Array, sparsity: number, deviation: number, shape: readonly number[], random: Random): void {
  const rows = shape[0] ?? 1;
  const columns = out.length / rows;
  fillNormal(out, 0, deviation, random);
  const zeros = Math.ceil(sparsity * rows);
  for (let j = 0; j < columns; j++) {
    for (const i of random.permutation(rows).subarray(0, zeros)) out[i * columns + j] = 0;
  }
}

/** Ones on the diagonal; for kernels a one at the centre (torch.nn.init.dirac_). */
function fillIdentity(out: Float32Array, shape: readonly number[], groups: number): void {
  out.fill(0);
  const [rows = 1, columns = 1, ...kernel] = shape;
  const receptive = kernel.reduce((product, size) => product * size, 1);
  const centre = kernel.reduce((offset, size) => offset * size + Math.floor(size / 2), 0);
  const perGroup = rows / groups;
  for (let i = 0; i < rows; i++) {
    const column = i % perGroup;
    if (column < columns) out[(i * columns + column) * receptive + centre] = 1;
  }
}
