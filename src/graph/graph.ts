import type { ConvGeometry, DType, Operation, Operations, PoolGeometry, Tensor, TensorData } from './operations';
import { commonShape, normalizeAxis, sameShape, shapeRules } from './shapes';
import { simplify } from './simplify';

/** A tensor or a plain number, which takes the other operand's element type. */
export type Operand = Tensor | number;

const nothing = {};

/**
 * Builds hash-consed tensors: the same operation on the same inputs is the same object.
 * Shapes are static and checked here (ShapeError). Binary methods broadcast their operands;
 * axes may be negative. What simplifies (x + 0, transposed transposes, ...) does so at once.
 */
export class Graph {
  private readonly known = new Map<string, Tensor>();
  private readonly constants = new WeakMap<TensorData, number>();
  private constantCount = 0;
  private nextId = 0;

  /** The tensor `op` yields on `inputs`, simplified. The methods below are the comfortable way. */
  node<K extends Operation>(op: K, inputs: readonly Tensor[], attributes: Operations[K]): Tensor {
    return simplify(this, op, inputs, attributes) ?? this.intern(op, inputs, attributes);
  }

  /** As `node`, without simplification. */
  intern<K extends Operation>(op: K, inputs: readonly Tensor[], attributes: Operations[K]): Tensor {
    const key = `${op}(${inputs.map(({ id }) => id).join()})${this.keyOf(attributes)}`;
    const found = this.known.get(key);
    if (found !== undefined) return found;
    const { shape, dtype } = shapeRules[op](inputs, attributes);
    const made: Tensor = { id: this.nextId++, op, inputs, attributes, shape, dtype };
    this.known.set(key, made);
    return made;
  }

  /** Text that equal attributes share and others do not. */
  private keyOf(value: unknown): string {
    if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map((item) => this.keyOf(item)).join()}]`;
    if (ArrayBuffer.isView(value)) return `#${this.constantKey(value as TensorData)}`;
    let text = '';
    for (const [name, item] of Object.entries(value)) text += `${name}=${this.keyOf(item)};`;
    return text;
  }

  private constantKey(data: TensorData): number {
    const known = this.constants.get(data) ?? this.constantCount++;
    this.constants.set(data, known);
    return known;
  }

  // Sources.
  input(name: string, shape: readonly number[], dtype: DType = 'float32'): Tensor {
    return this.node('input', [], { name, shape, dtype });
  }
  /** `data` must not change afterwards. The element type follows the array's; Uint8Array is bool. */
  constant(data: TensorData, shape: readonly number[]): Tensor {
    return this.node('constant', [], { data, shape, dtype: dtypeOf(data) });
  }
  fill(value: number, shape: readonly number[], dtype: DType = 'float32'): Tensor {
    return this.node('fill', [], { value, shape, dtype });
  }
  /** Zeros of the shape and type of `like`. */
  zerosLike(like: Tensor): Tensor {
    return this.fill(0, like.shape, like.dtype);
  }
  onesLike(like: Tensor): Tensor {
    return this.fill(1, like.shape, like.dtype);
  }
  /** 0, 1, … size-1 as int32. */
  range(size: number): Tensor {
    let data = this.ranges.get(size);
    if (data === undefined) this.ranges.set(size, (data = Int32Array.from({ length: size }, (_, i) => i)));
    return this.constant(data, [size]);
  }
  private readonly ranges = new Map<number, Int32Array>();

  // Elementwise, one input.
  neg(x: Tensor): Tensor {
    return this.node('neg', [x], nothing);
  }
  exp(x: Tensor): Tensor {
    return this.node('exp', [x], nothing);
  }
  log(x: Tensor): Tensor {
    return this.node('log', [x], nothing);
  }
  sqrt(x: Tensor): Tensor {
    return this.node('sqrt', [x], nothing);
  }
  reciprocal(x: Tensor): Tensor {
    return this.node('reciprocal', [x], nothing);
  }
  abs(x: Tensor): Tensor {
    return this.node('abs', [x], nothing);
  }
  sign(x: Tensor): Tensor {
    return this.node('sign', [x], nothing);
  }
  tanh(x: Tensor): Tensor {
    return this.node('tanh', [x], nothing);
  }
  sigmoid(x: Tensor): Tensor {
    return this.node('sigmoid', [x], nothing);
  }
  relu(x: Tensor): Tensor {
    return this.node('relu', [x], nothing);
  }
  /** 1 where x > 0, else 0, in the type of x. */
  step(x: Tensor): Tensor {
    return this.node('step', [x], nothing);
  }
  softplus(x: Tensor): Tensor {
    return this.node('softplus', [x], nothing);
  }
  erf(x: Tensor): Tensor {
    return this.node('erf', [x], nothing);
  }
  sin(x: Tensor): Tensor {
    return this.node('sin', [x], nothing);
  }
  cos(x: Tensor): Tensor {
    return this.node('cos', [x], nothing);
  }
  floor(x: Tensor): Tensor {
    return this.node('floor', [x], nothing);
  }
  power(x: Tensor, exponent: number): Tensor {
    return this.node('power', [x], { exponent });
  }
  square(x: Tensor): Tensor {
    return this.mul(x, x);
  }
  stopGradient(x: Tensor): Tensor {
    return this.node('stopGradient', [x], nothing);
  }
  cast(x: Tensor, dtype: DType): Tensor {
    return this.node('cast', [x], { dtype });
  }
  not(x: Tensor): Tensor {
    return this.node('not', [x], nothing);
  }
  isFinite(x: Tensor): Tensor {
    return this.node('isFinite', [x], nothing);
  }

  // Elementwise, two operands, broadcast.
  add(a: Operand, b: Operand): Tensor {
    return this.node('add', this.pair(a, b), nothing);
  }
  sub(a: Operand, b: Operand): Tensor {
    return this.node('sub', this.pair(a, b), nothing);
  }
  mul(a: Operand, b: Operand): Tensor {
    return this.node('mul', this.pair(a, b), nothing);
  }
  div(a: Operand, b: Operand): Tensor {
    return this.node('div', this.pair(a, b), nothing);
  }
  maximum(a: Operand, b: Operand): Tensor {
    return this.node('maximum', this.pair(a, b), nothing);
  }
  minimum(a: Operand, b: Operand): Tensor {
    return this.node('minimum', this.pair(a, b), nothing);
  }
  /** Mask of a > b. */
  greater(a: Operand, b: Operand): Tensor {
    return this.node('greater', this.pair(a, b), nothing);
  }
  greaterOrEqual(a: Operand, b: Operand): Tensor {
    return this.node('greaterOrEqual', this.pair(a, b), nothing);
  }
  equal(a: Operand, b: Operand): Tensor {
    return this.node('equal', this.pair(a, b), nothing);
  }
  and(a: Tensor, b: Tensor): Tensor {
    return this.node('and', this.pair(a, b), nothing);
  }
  or(a: Tensor, b: Tensor): Tensor {
    return this.node('or', this.pair(a, b), nothing);
  }
  /** `a` where `mask` is true, else `b`; all broadcast. */
  where(mask: Tensor, a: Operand, b: Operand): Tensor {
    const [left, right] = this.pair(a, b);
    const shape = commonShape(mask.shape, left.shape);
    return this.node('where', [this.broadcast(mask, shape), this.broadcast(left, shape), this.broadcast(right, shape)], nothing);
  }

  /** Both operands as tensors of one shape. */
  private pair(a: Operand, b: Operand): readonly [Tensor, Tensor] {
    if (typeof a === 'number') {
      if (typeof b === 'number') return [this.fill(a, []), this.fill(b, [])];
      return [this.fill(a, b.shape, b.dtype), b];
    }
    if (typeof b === 'number') return [a, this.fill(b, a.shape, a.dtype)];
    if (sameShape(a.shape, b.shape)) return [a, b];
    const shape = commonShape(a.shape, b.shape);
    return [this.broadcast(a, shape), this.broadcast(b, shape)];
  }

  /** Product of the last two axes, each factor transposed first if asked; leading axes broadcast. */
  matmul(a: Tensor, b: Tensor, flags: { readonly transposeA?: boolean; readonly transposeB?: boolean } = {}): Tensor {
    const leading = commonShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const left = this.broadcast(a, [...leading, ...a.shape.slice(-2)]);
    const right = this.broadcast(b, [...leading, ...b.shape.slice(-2)]);
    return this.node('matmul', [left, right], { transposeA: flags.transposeA ?? false, transposeB: flags.transposeB ?? false });
  }

  // Reductions: over all axes by default.
  sum(x: Tensor, axes?: readonly number[], keepDims = false): Tensor {
    return this.node('sum', [x], { axes: axesOf(x, axes), keepDims });
  }
  mean(x: Tensor, axes?: readonly number[], keepDims = false): Tensor {
    const count = axesOf(x, axes).reduce((product, axis) => product * (x.shape[axis] ?? 1), 1);
    return this.mul(this.sum(x, axes, keepDims), 1 / count);
  }
  max(x: Tensor, axes?: readonly number[], keepDims = false): Tensor {
    return this.node('max', [x], { axes: axesOf(x, axes), keepDims });
  }
  argMax(x: Tensor, axis = -1): Tensor {
    return this.node('argMax', [x], { axis: normalizeAxis(axis, x.shape.length) });
  }
  softmax(x: Tensor, axis = -1): Tensor {
    return this.node('softmax', [x], { axis: normalizeAxis(axis, x.shape.length) });
  }
  logSoftmax(x: Tensor, axis = -1): Tensor {
    return this.node('logSoftmax', [x], { axis: normalizeAxis(axis, x.shape.length) });
  }

  // Shape.
  reshape(x: Tensor, shape: readonly number[]): Tensor {
    return this.node('reshape', [x], { shape });
  }
  transpose(x: Tensor, permutation: readonly number[]): Tensor {
    return this.node('transpose', [x], { permutation });
  }
  broadcast(x: Tensor, shape: readonly number[]): Tensor {
    return this.node('broadcast', [x], { shape });
  }
  /** The adjoint of broadcast: sums `x` down to `shape`. */
  sumTo(x: Tensor, shape: readonly number[]): Tensor {
    const extra = x.shape.length - shape.length;
    const axes = x.shape.flatMap((size, axis) =>
      axis < extra || ((shape[axis - extra] ?? 1) === 1 && size !== 1) ? [axis] : [],
    );
    return this.reshape(this.sum(x, axes, false), shape);
  }
  slice(x: Tensor, starts: readonly number[], sizes: readonly number[]): Tensor {
    return this.node('slice', [x], { starts, sizes });
  }
  pad(x: Tensor, before: readonly number[], after: readonly number[]): Tensor {
    return this.node('pad', [x], { before, after });
  }
  concat(parts: readonly Tensor[], axis: number): Tensor {
    return this.node('concat', parts, { axis: normalizeAxis(axis, parts[0]?.shape.length ?? 0) });
  }

  // Indexing; indices are int32.
  gather(x: Tensor, indices: Tensor, axis = 0): Tensor {
    return this.node('gather', [x, indices], { axis: normalizeAxis(axis, x.shape.length) });
  }
  scatterAdd(indices: Tensor, updates: Tensor, axis: number, size: number): Tensor {
    return this.node('scatterAdd', [indices, updates], { axis, size });
  }
  /** out[i,j] = x[indices[i,j], j] for axis 0, and so on. */
  takeAlong(x: Tensor, indices: Tensor, axis: number): Tensor {
    return this.node('takeAlong', [x, indices], { axis: normalizeAxis(axis, x.shape.length) });
  }
  putAlong(indices: Tensor, updates: Tensor, axis: number, size: number): Tensor {
    return this.node('putAlong', [indices, updates], { axis, size });
  }

  // Planes [batch, channels, rows, columns] and kernels [out, in / groups, rows, columns].
  conv(x: Tensor, kernels: Tensor, geometry: ConvGeometry): Tensor {
    return this.node('conv', [x, kernels], convGeometry(geometry));
  }
  /** Transposed convolution to planes of `size`. */
  convInput(y: Tensor, kernels: Tensor, geometry: ConvGeometry, size: readonly [number, number]): Tensor {
    return this.node('convInput', [y, kernels], { ...convGeometry(geometry), size });
  }
  convKernel(x: Tensor, y: Tensor, geometry: ConvGeometry, size: readonly [number, number]): Tensor {
    return this.node('convKernel', [x, y], { ...convGeometry(geometry), size });
  }
  maxPool(x: Tensor, geometry: PoolGeometry): Tensor {
    return this.node('maxPool', [x], geometry);
  }
  maxPoolIndices(x: Tensor, geometry: PoolGeometry): Tensor {
    return this.node('maxPoolIndices', [x], geometry);
  }
}

/** Element type of a typed array; Uint8Array holds masks. */
export function dtypeOf(data: TensorData): DType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  return data instanceof Int32Array ? 'int32' : 'bool';
}

function axesOf(x: Tensor, axes: readonly number[] | undefined): readonly number[] {
  const given = axes ?? x.shape.map((_, axis) => axis);
  return given.map((axis) => normalizeAxis(axis, x.shape.length)).sort((a, b) => a - b);
}

/** The geometry alone, of what may hold more. */
function convGeometry({ strides, pads, dilations, groups }: ConvGeometry): ConvGeometry {
  return { strides, pads, dilations, groups };
}
