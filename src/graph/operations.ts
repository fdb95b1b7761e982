/** Element types of tensors. Indices are int32, masks and comparisons bool. */
export type DType = 'float32' | 'float64' | 'int32' | 'bool';

/** Typed arrays that hold a tensor's elements; bool is one byte an element. */
export type TensorData = Float32Array | Float64Array | Int32Array | Uint8Array;

/** An operation without attributes. */
type Plain = Readonly<Record<string, never>>;

/** How a kernel moves over a plane. Pairs are (rows, columns). */
export interface ConvGeometry {
  readonly strides: readonly [number, number];
  /** Zeros around the plane: top, left, bottom, right. */
  readonly pads: readonly [number, number, number, number];
  readonly dilations: readonly [number, number];
  /** Channels in so many groups, each with its own kernels. */
  readonly groups: number;
}

/** How a pooling window moves over a plane; what lies outside never wins. */
export interface PoolGeometry {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
  readonly dilations: readonly [number, number];
  /** Windows that begin inside and reach beyond the end count too. */
  readonly ceil: boolean;
}

/**
 * The closed set of operations: each name with its attributes. Every transformation (shape, vjp,
 * jvp, simplification, ONNX form) is one table over this interface, so a missing row does not compile.
 * Elementwise operations take inputs of equal shape: `broadcast` is a node of its own.
 */
export interface Operations {
  // Sources.
  /** A value given at each run. Inputs of the same name are the same tensor. */
  readonly input: { readonly name: string; readonly shape: readonly number[]; readonly dtype: DType };
  /** A value fixed when the graph is built. */
  readonly constant: { readonly data: TensorData; readonly shape: readonly number[]; readonly dtype: DType };
  /** Every element is `value`. */
  readonly fill: { readonly value: number; readonly shape: readonly number[]; readonly dtype: DType };

  // Elementwise, one input.
  readonly neg: Plain;
  readonly exp: Plain;
  readonly log: Plain;
  readonly sqrt: Plain;
  readonly reciprocal: Plain;
  readonly abs: Plain;
  readonly sign: Plain;
  readonly tanh: Plain;
  readonly sigmoid: Plain;
  readonly relu: Plain;
  /** 1 where x > 0, else 0: the slope of relu. Its own derivative is 0. */
  readonly step: Plain;
  /** log(1 + eˣ). */
  readonly softplus: Plain;
  readonly erf: Plain;
  readonly sin: Plain;
  readonly cos: Plain;
  readonly floor: Plain;
  readonly power: { readonly exponent: number };
  /** The value passes, derivatives do not. */
  readonly stopGradient: Plain;
  readonly cast: { readonly dtype: DType };
  /** Logical negation of a mask. */
  readonly not: Plain;
  /** A mask: true where x is neither infinite nor NaN. */
  readonly isFinite: Plain;

  // Elementwise, two inputs of equal shape.
  readonly add: Plain;
  readonly sub: Plain;
  readonly mul: Plain;
  readonly div: Plain;
  readonly maximum: Plain;
  readonly minimum: Plain;
  readonly greater: Plain;
  readonly greaterOrEqual: Plain;
  readonly equal: Plain;
  readonly and: Plain;
  readonly or: Plain;

  /** (mask, a, b): a where the mask is true, else b. */
  readonly where: Plain;

  /** Matrix product of the last two axes, each factor transposed first if asked; leading axes equal. */
  readonly matmul: { readonly transposeA: boolean; readonly transposeB: boolean };

  // Reductions; reduced axes stay with size 1 if `keepDims`.
  readonly sum: { readonly axes: readonly number[]; readonly keepDims: boolean };
  readonly max: { readonly axes: readonly number[]; readonly keepDims: boolean };
  /** Index of the first largest element along an axis, int32; the axis goes. */
  readonly argMax: { readonly axis: number };
  readonly softmax: { readonly axis: number };
  readonly logSoftmax: { readonly axis: number };

  // Shape.
  readonly reshape: { readonly shape: readonly number[] };
  readonly transpose: { readonly permutation: readonly number[] };
  /** To a larger shape, aligned at the last axis; axes of size 1 and missing ones repeat. */
  readonly broadcast: { readonly shape: readonly number[] };
  readonly slice: { readonly starts: readonly number[]; readonly sizes: readonly number[] };
  /** Zeros before and after, per axis. */
  readonly pad: { readonly before: readonly number[]; readonly after: readonly number[] };
  readonly concat: { readonly axis: number };

  // Indexing (indices are int32).
  /** (x, indices): entries of x along `axis`; the axis is replaced by the shape of the indices. */
  readonly gather: { readonly axis: number };
  /** (indices, updates): the adjoint of gather; zeros with `size` entries along `axis`, updates added. */
  readonly scatterAdd: { readonly axis: number; readonly size: number };
  /** (x, indices of the same rank): out[i,j] = x[indices[i,j], j] for axis 0, and so on. */
  readonly takeAlong: { readonly axis: number };
  /** (indices, updates of one shape): the adjoint of takeAlong, with `size` entries along `axis`. */
  readonly putAlong: { readonly axis: number; readonly size: number };

  // Convolution of planes [batch, channels, rows, columns] with kernels [out, in / groups, rows, columns].
  // One trilinear form read in three ways, so that the three are closed under differentiation.
  /** (x, kernels): cross-correlation, as neural networks use the word. */
  readonly conv: ConvGeometry;
  /** (y, kernels): the adjoint of conv by its planes, which were of `size`: transposed convolution. */
  readonly convInput: ConvGeometry & { readonly size: readonly [number, number] };
  /** (x, y): the adjoint of conv by its kernels, which were of `size`. */
  readonly convKernel: ConvGeometry & { readonly size: readonly [number, number] };
  readonly maxPool: PoolGeometry;
  /** Where maxPool finds its values: positions in the flattened plane, int32. */
  readonly maxPoolIndices: PoolGeometry;
}

export type Operation = keyof Operations;

/** A node of the graph and the tensor it yields. Equal nodes are the same object (hash-consing). */
export interface Tensor<K extends Operation = Operation> {
  /** Position in the graph: inputs have smaller ids than what is made of them. */
  readonly id: number;
  readonly op: K;
  readonly inputs: readonly Tensor[];
  readonly attributes: Operations[K];
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** True if `tensor` was made by `op`; narrows its attributes. */
export function isOp<K extends Operation>(tensor: Tensor, op: K): tensor is Tensor<K> {
  return tensor.op === op;
}

/** True for the element types that have derivatives. */
export function isFloat(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

/** `shape` with each of `axes` reduced to size 1. */
export function keptShape(shape: readonly number[], axes: readonly number[]): readonly number[] {
  return shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
}
