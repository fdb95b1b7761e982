import { fc } from '../support/property';
import type { Graph } from '../../src/graph/graph';
import type { ConvGeometry, DType, Operation, PoolGeometry, Tensor } from '../../src/graph/operations';
import { slidSize } from '../../src/graph/shapes';

/** An input of a case: floats uniform in [low, high) or indices in [0, high). */
export interface CaseInput {
  readonly shape: readonly number[];
  readonly kind: 'float' | 'index' | 'mask';
  readonly low: number;
  readonly high: number;
}

/** One random use of an operation. */
export interface Case {
  readonly inputs: readonly CaseInput[];
  readonly build: (g: Graph, inputs: readonly Tensor[], dtype: DType) => Tensor;
}

type One = (g: Graph, x: Tensor) => Tensor;
type Two = (g: Graph, a: Tensor, b: Tensor) => Tensor;

const size = fc.integer({ min: 1, max: 4 });
const shapes = fc.array(size, { minLength: 0, maxLength: 3 });
const filledShapes = fc.array(size, { minLength: 1, maxLength: 3 });

const floats = (shape: readonly number[], low = -2, high = 2): CaseInput => ({ shape, kind: 'float', low, high });
const indices = (shape: readonly number[], bound: number): CaseInput => ({ shape, kind: 'index', low: 0, high: bound });
const masks = (shape: readonly number[]): CaseInput => ({ shape, kind: 'mask', low: 0, high: 2 });

const take = (inputs: readonly Tensor[], place: number): Tensor => {
  const tensor = inputs[place];
  if (tensor === undefined) throw new Error(`case without input ${place}`);
  return tensor;
};

const one = (f: One, low = -2, high = 2): fc.Arbitrary<Case> =>
  shapes.map((shape) => ({ inputs: [floats(shape, low, high)], build: (g, inputs) => f(g, take(inputs, 0)) }));

/** Operands of which one may lack axes or have size 1 in some. */
const two = (f: Two, low = -2, high = 2): fc.Arbitrary<Case> =>
  fc
    .tuple(shapes, fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), fc.integer({ min: 0, max: 3 }), fc.boolean())
    .map(([shape, ones, missing, flip]) => {
      const smaller = shape.map((length, axis) => (ones[axis] ? 1 : length)).slice(Math.min(missing, shape.length));
      const [left, right] = flip ? [smaller, shape] : [shape, smaller];
      return {
        inputs: [floats(left, low, high), floats(right, low, high)],
        build: (g, inputs) => f(g, take(inputs, 0), take(inputs, 1)),
      };
    });

/** Masks times their operands, so that something is left to differentiate. */
const compared = (f: Two): fc.Arbitrary<Case> => two((g, a, b) => g.mul(g.cast(f(g, a, b), a.dtype), g.add(a, b)));

const shapeAndAxis = filledShapes.chain((shape) =>
  fc.record({ shape: fc.constant(shape), axis: fc.integer({ min: 0, max: shape.length - 1 }) }),
);

const reduced = (f: (g: Graph, x: Tensor, axes: readonly number[], keepDims: boolean) => Tensor): fc.Arbitrary<Case> =>
  filledShapes.chain((shape) =>
    fc.tuple(fc.subarray(shape.map((_, axis) => axis)), fc.boolean()).map(([axes, keepDims]) => ({
      inputs: [floats(shape)],
      build: (g, inputs) => f(g, take(inputs, 0), axes, keepDims),
    })),
  );

const alongAxis = (f: (g: Graph, x: Tensor, axis: number) => Tensor): fc.Arbitrary<Case> =>
  shapeAndAxis.map(({ shape, axis }) => ({ inputs: [floats(shape)], build: (g, inputs) => f(g, take(inputs, 0), axis) }));

const matmuls = fc
  .record({
    lead: fc.array(size, { maxLength: 2 }),
    m: size,
    k: size,
    n: size,
    flip: fc.boolean(),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
  })
  .map(({ lead, m, k, n, flip, transposeA, transposeB }): Case => {
    const left = transposeA ? [k, m] : [m, k];
    const right = transposeB ? [n, k] : [k, n];
    return {
      inputs: [floats(flip ? left : [...lead, ...left]), floats(flip ? [...lead, ...right] : right)],
      build: (g, inputs) => g.matmul(take(inputs, 0), take(inputs, 1), { transposeA, transposeB }),
    };
  });

/** A shape, an axis of it, and the shape of indices along it. */
const gathers = fc.tuple(shapeAndAxis, fc.array(size, { maxLength: 2 }));

const parts = shapeAndAxis.chain(({ shape, axis }) =>
  fc.tuple(fc.constant(shape), fc.constant(axis), fc.array(size, { minLength: 1, maxLength: 3 })),
);

const boxes = filledShapes.chain((shape) =>
  fc.tuple(
    fc.constant(shape),
    fc.tuple(...shape.map(() => fc.integer({ min: 0, max: 2 }))),
    fc.tuple(...shape.map(() => fc.integer({ min: 0, max: 2 }))),
  ),
);

/** A convolution that fits: its geometry and the shapes of planes, kernels and results. */
const convolutions = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    groups: fc.integer({ min: 1, max: 2 }),
    perGroup: fc.constantFrom(1, 2, 8),
    outPerGroup: fc.integer({ min: 1, max: 2 }),
    kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 })),
    dilations: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    pads: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
    room: fc.tuple(fc.nat(4), fc.nat(4)),
  })
  .map(({ batch, groups, perGroup, outPerGroup, kernel, strides, dilations, pads, room }) => {
    const spans = [dilations[0] * (kernel[0] - 1) + 1, dilations[1] * (kernel[1] - 1) + 1] as const;
    const size = [
      Math.max(1, spans[0] - pads[0] - pads[2] + room[0]),
      Math.max(1, spans[1] - pads[1] - pads[3] + room[1]),
    ] as const;
    const geometry: ConvGeometry = { strides, pads, dilations, groups };
    const x = [batch, perGroup * groups, ...size];
    const kernels = [outPerGroup * groups, perGroup, ...kernel];
    return { geometry, size, kernel, x, kernels, y: [batch, outPerGroup * groups, ...slidSize(size, kernel, geometry)] };
  });

const pools = fc
  .record({
    kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 3 })),
    strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 })),
    dilations: fc.constant([1, 1] as const),
    room: fc.tuple(fc.nat(4), fc.nat(4)),
    padded: fc.boolean(),
    ceil: fc.boolean(),
  })
  .map(({ kernel, strides, dilations, room, padded, ceil }) => {
    const pad = padded ? 1 : 0;
    const pads = [kernel[0] > 1 ? pad : 0, pad, 0, pad] as const;
    return {
      geometry: { kernel, strides, dilations, pads, ceil } satisfies PoolGeometry,
      x: [2, 2, kernel[0] + room[0], kernel[1] + room[1]],
    };
  });

/** Random uses of every operation. Inputs keep away from poles; kinks are met with probability 0. */
export const cases: { readonly [K in Operation]: fc.Arbitrary<Case> } = {
  input: one((_, x) => x),
  constant: shapes.map((shape) => ({
    inputs: [floats(shape)],
    build: (g, inputs, dtype) => {
      const values = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + 1));
      return g.mul(
        take(inputs, 0),
        g.constant(dtype === 'float64' ? Float64Array.from(values) : Float32Array.from(values), shape),
      );
    },
  })),
  fill: one((g, x) =>
    g.matmul(
      g.reshape(x, [1, x.shape.reduce((a, b) => a * b, 1)]),
      g.fill(0.5, [x.shape.reduce((a, b) => a * b, 1), 2], x.dtype),
    ),
  ),
  neg: one((g, x) => g.neg(x)),
  exp: one((g, x) => g.exp(x)),
  log: one((g, x) => g.log(x), 0.5, 3),
  sqrt: one((g, x) => g.sqrt(x), 0.5, 3),
  reciprocal: one((g, x) => g.reciprocal(x), 0.5, 3),
  abs: one((g, x) => g.abs(x)),
  sign: one((g, x) => g.mul(g.sign(x), x)),
  tanh: one((g, x) => g.tanh(x)),
  sigmoid: one((g, x) => g.sigmoid(x)),
  relu: one((g, x) => g.relu(x)),
  step: one((g, x) => g.mul(g.step(x), x)),
  softplus: one((g, x) => g.softplus(x)),
  erf: one((g, x) => g.erf(x)),
  sin: one((g, x) => g.sin(x)),
  cos: one((g, x) => g.cos(x)),
  floor: one((g, x) => g.mul(g.floor(x), x)),
  power: fc
    .tuple(
      one((_, x) => x, 0.5, 2),
      fc.constantFrom(-1, 0.5, 1, 1.7, 2, 3),
    )
    .map(([{ inputs }, exponent]) => ({
      inputs,
      build: (g, tensors) => g.power(take(tensors, 0), exponent),
    })),
  stopGradient: one((g, x) => g.add(g.stopGradient(g.fill(3, x.shape, x.dtype)), x)),
  cast: one((g, x) => g.add(x, g.cast(g.cast(g.mul(x, 3), 'int32'), x.dtype))),
  not: one((g, x) => g.mul(g.cast(g.not(g.greater(x, 0)), x.dtype), x)),
  isFinite: one((g, x) => g.mul(g.cast(g.isFinite(g.add(x, g.log(g.relu(g.stopGradient(x))))), x.dtype), x)),
  add: two((g, a, b) => g.add(a, b)),
  sub: two((g, a, b) => g.sub(a, b)),
  mul: two((g, a, b) => g.mul(a, b)),
  div: two((g, a, b) => g.div(a, b), 0.5, 2),
  maximum: two((g, a, b) => g.maximum(a, b)),
  minimum: two((g, a, b) => g.minimum(a, b)),
  greater: compared((g, a, b) => g.greater(a, b)),
  greaterOrEqual: compared((g, a, b) => g.greaterOrEqual(a, b)),
  equal: compared((g, a, b) => g.equal(g.floor(a), g.floor(b))),
  and: compared((g, a, b) => g.and(g.greater(a, 0), g.greater(b, 0))),
  or: compared((g, a, b) => g.or(g.greater(a, 0), g.greater(b, 0))),
  where: filledShapes.map((shape) => ({
    inputs: [masks(shape.slice(1)), floats(shape), floats(shape.map(() => 1))],
    build: (g, inputs) => g.where(take(inputs, 0), take(inputs, 1), take(inputs, 2)),
  })),
  matmul: matmuls,
  sum: reduced((g, x, axes, keepDims) => g.sum(x, axes, keepDims)),
  max: reduced((g, x, axes, keepDims) => g.max(x, axes, keepDims)),
  argMax: alongAxis((g, x, axis) => g.mul(g.cast(g.argMax(x, axis), x.dtype), g.sum(x, [axis]))),
  softmax: alongAxis((g, x, axis) => g.softmax(x, axis)),
  logSoftmax: alongAxis((g, x, axis) => g.logSoftmax(x, axis)),
  reshape: filledShapes.map((shape) => ({
    inputs: [floats(shape)],
    build: (g, inputs) => g.reshape(take(inputs, 0), [1, ...shape].reverse()),
  })),
  transpose: filledShapes.chain((shape) =>
    fc
      .shuffledSubarray(
        shape.map((_, axis) => axis),
        { minLength: shape.length },
      )
      .map((permutation) => ({
        inputs: [floats(shape)],
        build: (g, inputs) => g.transpose(take(inputs, 0), permutation),
      })),
  ),
  broadcast: fc.tuple(shapes, fc.array(fc.boolean(), { minLength: 3, maxLength: 3 })).map(([shape, ones]) => ({
    inputs: [floats(shape.map((length, axis) => (ones[axis] ? 1 : length)))],
    build: (g, inputs) => g.broadcast(take(inputs, 0), [2, ...shape]),
  })),
  slice: boxes.map(([shape, before, after]) => ({
    inputs: [floats(shape.map((length, axis) => length + (before[axis] ?? 0) + (after[axis] ?? 0)))],
    build: (g, inputs) => g.slice(take(inputs, 0), before, shape),
  })),
  pad: boxes.map(([shape, before, after]) => ({
    inputs: [floats(shape)],
    build: (g, inputs) => g.pad(take(inputs, 0), before, after),
  })),
  concat: parts.map(([shape, axis, lengths]) => ({
    inputs: lengths.map((length) => floats(shape.map((other, place) => (place === axis ? length : other)))),
    build: (g, inputs) => g.concat(inputs, axis),
  })),
  gather: gathers.map(([{ shape, axis }, places]) => ({
    inputs: [floats(shape), indices(places, shape[axis] ?? 1)],
    build: (g, inputs) => g.gather(take(inputs, 0), take(inputs, 1), axis),
  })),
  scatterAdd: gathers.map(([{ shape, axis }, places]) => ({
    inputs: [indices(places, 3), floats([...shape.slice(0, axis), ...places, ...shape.slice(axis + 1)])],
    build: (g, inputs) => g.scatterAdd(take(inputs, 0), take(inputs, 1), axis, 3),
  })),
  takeAlong: fc.tuple(shapeAndAxis, size).map(([{ shape, axis }, length]) => ({
    inputs: [
      floats(shape),
      indices(
        shape.map((other, place) => (place === axis ? length : other)),
        shape[axis] ?? 1,
      ),
    ],
    build: (g, inputs) => g.takeAlong(take(inputs, 0), take(inputs, 1), axis),
  })),
  putAlong: shapeAndAxis.map(({ shape, axis }) => ({
    inputs: [indices(shape, 3), floats(shape)],
    build: (g, inputs) => g.putAlong(take(inputs, 0), take(inputs, 1), axis, 3),
  })),
  conv: convolutions.map(({ geometry, x, kernels }) => ({
    inputs: [floats(x), floats(kernels)],
    build: (g, inputs) => g.conv(take(inputs, 0), take(inputs, 1), geometry),
  })),
  convInput: convolutions.map(({ geometry, y, kernels, size }) => ({
    inputs: [floats(y), floats(kernels)],
    build: (g, inputs) => g.convInput(take(inputs, 0), take(inputs, 1), geometry, size),
  })),
  convKernel: convolutions.map(({ geometry, x, y, kernel }) => ({
    inputs: [floats(x), floats(y)],
    build: (g, inputs) => g.convKernel(take(inputs, 0), take(inputs, 1), geometry, kernel),
  })),
  maxPool: pools.map(({ geometry, x }) => ({ inputs: [floats(x)], build: (g, inputs) => g.maxPool(take(inputs, 0), geometry) })),
  maxPoolIndices: pools.map(({ geometry, x }) => ({
    inputs: [floats(x)],
    build: (g, inputs) =>
      g.add(g.cast(g.maxPoolIndices(take(inputs, 0), geometry), take(inputs, 0).dtype), g.sum(take(inputs, 0))),
  })),
};
