import type { Size } from '../../graph/size';
import type { NoArguments } from './arguments';

interface Reduced {
  /** Null is every axis. */
  readonly axes: readonly number[] | null;
  readonly keep: boolean;
}

/** Functions of tensors, with their arguments. */
export interface Operations {
  readonly add: NoArguments;
  readonly subtract: NoArguments;
  readonly multiply: NoArguments;
  readonly divide: NoArguments;
  readonly power: { readonly exponent: number };
  readonly negate: NoArguments;
  readonly exp: NoArguments;
  readonly log: NoArguments;
  readonly sqrt: NoArguments;
  readonly abs: NoArguments;
  readonly sin: NoArguments;
  readonly cos: NoArguments;
  readonly clamp: { readonly low: number | null; readonly high: number | null };
  readonly matmul: NoArguments;
  readonly sum: { readonly axes: readonly number[] | null; readonly keep: boolean };
  readonly mean: { readonly axes: readonly number[] | null; readonly keep: boolean };
  readonly reciprocal: NoArguments;
  readonly erf: NoArguments;
  readonly sign: NoArguments;
  readonly floor: NoArguments;
  /** Halves go to the even neighbour. */
  readonly round: NoArguments;
  /** Base and exponent are tensors; the base is positive. */
  readonly powerOf: NoArguments;
  readonly maximum: NoArguments;
  readonly minimum: NoArguments;
  /** A mask. */
  readonly compare: { readonly function: '<' | '<=' | '>' | '>=' | '==' | '!=' };
  readonly logical: { readonly function: 'and' | 'or' | 'not' };
  /** Inputs: mask, a, b: a where the mask is true, else b. */
  readonly where: NoArguments;
  /** The value passes, gradients do not. */
  readonly stopGradient: NoArguments;
  /** Inputs: y, x, and perhaps weights of y's shape: the derivative of Σ weights · y by x, of x's shape. */
  readonly derivative: NoArguments;
  /** Einstein's sums in letters, `...` resolved: `bhld,bhmd->bhlm`. */
  readonly einsum: { readonly equation: string };
  /** Several equal largest elements share the gradient. */
  readonly max: Reduced;
  readonly min: Reduced;
  /** The first largest or smallest element takes the gradient. */
  readonly maxAlong: { readonly axis: number; readonly keep: boolean };
  readonly minAlong: { readonly axis: number; readonly keep: boolean };
  /** Places as integers; axis null: in the flattened tensor. */
  readonly argMax: { readonly axis: number | null; readonly keep: boolean };
  readonly argMin: { readonly axis: number | null; readonly keep: boolean };
  /** The `count` largest elements along an axis in falling order, or the places where they stand. */
  readonly largest: {
    readonly count: number;
    readonly axis: number;
    readonly smallest: boolean;
    readonly part: 'values' | 'places';
  };
  /** Squared deviations over n - correction. */
  readonly variance: Reduced & { readonly correction: number };
  readonly deviation: Reduced & { readonly correction: number };
  /** (Σ |x|ᵖ)^(1/p); p may be infinite. */
  readonly norm: Reduced & { readonly p: number };
  readonly logSumExp: Reduced;
  readonly cumulativeSum: { readonly axis: number };
  readonly concatenate: { readonly axis: number };
  /** -1 stands for the size that is left; the first axis is the rows. */
  readonly reshape: { readonly shape: readonly Size[] };
  /** Joins the axes `start` to `end` (inclusive, negative from the end). */
  readonly flatten: { readonly start: number; readonly end: number };
  readonly squeeze: { readonly axis: number | null };
  readonly unsqueeze: { readonly axis: number };
  readonly permute: { readonly order: readonly number[] };
  readonly slice: { readonly axis: number; readonly start: number; readonly end: number | null; readonly step: number };
  /** Axes of size 1 repeat; -1 keeps a size. */
  readonly expand: { readonly shape: readonly Size[] };
  /** The whole, so many times along each axis (aligned at the last). */
  readonly repeat: { readonly counts: readonly Size[] };
  /** Before and after each axis, aligned at the last; negative cuts. */
  readonly pad: {
    readonly before: readonly number[];
    readonly after: readonly number[];
    readonly mode: 'constant' | 'reflect' | 'replicate' | 'circular';
    readonly value: number;
  };
  readonly flip: { readonly axes: readonly number[] };
  readonly roll: { readonly shifts: readonly number[]; readonly axes: readonly number[] };
  /** Parts one axis into several; -1 is what is left. */
  readonly unflatten: { readonly axis: number; readonly shape: readonly Size[] };
  /** Zeros above (`lower`) or below the diagonal of the last two axes. */
  readonly triangle: { readonly diagonal: number; readonly part: 'lower' | 'upper' };
  /** torch.gather: inputs x and integer places of the same rank. */
  readonly gather: { readonly axis: number };
  /** torch.scatter_add: inputs x, integer places and what is added to x there, all of the same rank; a place may come more than once. */
  readonly scatterAdd: { readonly axis: number };
  /** Inputs x, integer places in a row, and as many entries, which are added to x along an axis, `factor` times each. */
  readonly indexAdd: { readonly axis: number; readonly factor: number };
  /** Entries of x along an axis by integer places; the axis is replaced by their shape. */
  readonly take: { readonly axis: number };
  /** Numbers that the script computes without data, row by row; masks are 0 and 1. */
  readonly values: {
    readonly shape: readonly number[];
    readonly values: readonly number[];
    readonly type: 'float' | 'integer' | 'mask';
  };
  /** A size as a number: of the batch's rows, or one that the data decide. */
  readonly size: { readonly size: Size };
  /** Every element is `value`; the symbol `rows` stands for those of the batch. */
  readonly filled: { readonly shape: readonly Size[]; readonly value: number };
  /** Integer class numbers become rows of 0 and 1. */
  readonly oneHot: { readonly classes: Size };
  /** A change of number type (`.float()`, `.long()`). */
  readonly cast: { readonly to: 'float' | 'integer' };
}
