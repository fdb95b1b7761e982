import type { Operation, Tensor } from './operations';
import { isOp, sizeOf } from './operations';
import { inputAt } from './shapes';
import { ancestors } from './traverse';

/**
 * How a tensor depends on the rows of a batch: not at all; row by row along an axis (whose size is a multiple of the rows, a
 * row's entries together), each row's values on that row alone; or as a sum over the rows of what each gives.
 */
type Dependence =
  | { readonly kind: 'fixed' }
  | { readonly kind: 'rows'; readonly axis: number }
  | {
      readonly kind: 'sum';
      /** The factor of each sum that was added up. */
      readonly factors: readonly number[];
      /** The factors of what was added that no row decides. */
      readonly rests: readonly number[];
      /** What the sums are divided by: itself a sum over the rows, in which no parameter is. */
      readonly divisor: Tensor | null;
    };

/** How each input of a node depends on the rows → how the node does; null where rows are mixed, or where that is not known. */
type Rule<K extends Operation> = (node: Tensor<K>, inputs: readonly Dependence[], rows: number) => Dependence | null;

const fixed: Dependence = { kind: 'fixed' };
const along = (axis: number): Dependence => ({ kind: 'rows', axis });

/** A scalar as Σ over rows of what each row gives. */
export interface RowSum {
  /** The factor of each sum in it. */
  readonly factors: readonly number[];
  /** Whether something is added that no row decides. */
  readonly hasRest: boolean;
  /** What the sums are divided by (weights, or rows that count): itself a sum over the rows, of the data alone; null: nothing. */
  readonly divisor: Tensor | null;
  /** All other numbers in it: equal for batches of two sizes whose rows give the same. */
  readonly numbers: readonly number[];
}

/**
 * `loss` as a sum over the rows of its batch of what each row gives by itself; null where a row's part depends on other rows
 * (statistics of the batch, weights that are summed, a root of a mean), or where that cannot be told from the graph.
 * `holdsRows` names the inputs whose first axis is the rows.
 */
export function asRowSum(loss: Tensor, rows: number, holdsRows: (input: Tensor<'input'>) => boolean): RowSum | null {
  const found = new Map<Tensor, Dependence>();
  const ordered = ancestors([loss]);
  for (const node of ordered) {
    const made = dependenceOf(node, found, rows, holdsRows);
    if (made === null) return null;
    found.set(node, made);
  }
  const whole = found.get(loss);
  if (whole?.kind !== 'sum') return null;
  const { factors, rests, divisor } = whole;
  return { factors, divisor, hasRest: rests.length > 0, numbers: [...rests, ...numbersIn(ordered, found)] };
}

/** Numbers and sizes that the rows' parts and the rest are made with, factors of sums left out. */
function numbersIn(ordered: readonly Tensor[], found: ReadonlyMap<Tensor, Dependence>): number[] {
  const isSum = (tensor: Tensor): boolean => found.get(tensor)?.kind === 'sum';
  const used = new Set(ordered.flatMap((node) => (isSum(node) && node.inputs.some(isSum) ? [] : node.inputs)));
  return ordered.flatMap((node) => {
    if (isOp(node, 'fill')) return used.has(node) ? [node.attributes.value] : [];
    if (isOp(node, 'constant')) return [node.attributes.data.length];
    return isOp(node, 'sum') && found.get(node)?.kind === 'fixed' ? [sizeOf(inputAt(node.inputs, 0).shape)] : [];
  });
}

function dependenceOf(
  node: Tensor,
  found: ReadonlyMap<Tensor, Dependence>,
  rows: number,
  holdsRows: (input: Tensor<'input'>) => boolean,
): Dependence | null {
  if (isOp(node, 'input')) return holdsRows(node) ? along(0) : fixed;
  const quotient = isOp(node, 'div') ? divided(node, found, holdsRows) : null;
  if (quotient !== null) return quotient;
  const inputs = inputsOf(node, found);
  if (inputs.every(({ kind }) => kind === 'fixed')) return fixed;
  return applied(node, inputs, rows);
}

const inputsOf = (node: Tensor, found: ReadonlyMap<Tensor, Dependence>): readonly Dependence[] =>
  node.inputs.map((input) => found.get(input) ?? fixed);

/** A sum over a sum of the data alone. */
function divided(
  node: Tensor<'div'>,
  found: ReadonlyMap<Tensor, Dependence>,
  holdsRows: (input: Tensor<'input'>) => boolean,
): Dependence | null {
  const [a = fixed, b = fixed] = inputsOf(node, found);
  const divisor = inputAt(node.inputs, 1);
  if (a.kind !== 'sum' || b.kind !== 'sum' || sizeOf(node.shape) !== 1) return null;
  if (a.rests.length > 0 || a.divisor !== null || b.rests.length > 0 || b.divisor !== null) return null;
  if (b.factors.some((factor) => factor !== 1)) return null;
  const ofData = ancestors([divisor]).every((tensor) => !isOp(tensor, 'input') || holdsRows(tensor));
  return ofData ? { ...a, divisor } : null;
}

function applied<K extends Operation>(node: Tensor<K>, inputs: readonly Dependence[], rows: number): Dependence | null {
  return rules[node.op](node, inputs, rows);
}

/** Whether a tensor that does not depend on the rows is the same at every place along `axis`. */
function isEven(tensor: Tensor, axis: number): boolean {
  if (tensor.shape[axis] === 1 || isOp(tensor, 'fill')) return true;
  if (isOp(tensor, 'broadcast')) {
    const source = inputAt(tensor.inputs, 0);
    const place = axis - (tensor.shape.length - source.shape.length);
    return place < 0 || isEven(source, place);
  }
  return elementwise.has(tensor.op) && tensor.inputs.every((input) => isEven(input, axis));
}

const elementwise: ReadonlySet<Operation> = new Set<Operation>(['neg', 'exp', 'sqrt', 'add', 'sub', 'mul', 'div', 'cast', 'not']);

/** The one axis along which the inputs hold rows, all others being the same for each row. */
function sharedAxis(node: Tensor, inputs: readonly Dependence[]): number | null {
  const axes = new Set(inputs.flatMap((input) => (input.kind === 'rows' ? [input.axis] : [])));
  const [axis] = axes;
  if (axis === undefined || axes.size > 1 || inputs.some(({ kind }) => kind === 'sum')) return null;
  return inputs.every(({ kind }, place) => kind === 'rows' || isEven(inputAt(node.inputs, place), axis)) ? axis : null;
}

const pointwise = (node: Tensor, inputs: readonly Dependence[]): Dependence | null => {
  const axis = sharedAxis(node, inputs);
  return axis === null ? null : along(axis);
};

/** Entry by entry along the rows, with the axes that are looked at together lying elsewhere. */
const awayFrom = (node: Tensor, inputs: readonly Dependence[], axes: readonly number[]): Dependence | null => {
  const axis = sharedAxis(node, inputs);
  return axis === null || axes.includes(axis) ? null : along(axis);
};

/** What a factor makes of a sum over rows. */
function scaled(input: Dependence, factor: number): Dependence | null {
  if (input.kind !== 'sum') return null;
  return {
    kind: 'sum',
    factors: input.factors.map((value) => value * factor),
    rests: input.rests.map((value) => value * factor),
    divisor: input.divisor,
  };
}

function added(node: Tensor, [a = fixed, b = fixed]: readonly Dependence[], sign: number): Dependence | null {
  if (a.kind !== 'sum' && b.kind !== 'sum') return pointwise(node, [a, b]);
  if (a.kind === 'rows' || b.kind === 'rows') return null;
  const of = (part: Dependence, key: 'factors' | 'rests'): readonly number[] =>
    part.kind === 'sum' ? part[key] : key === 'rests' ? [1] : [];
  const joined = (key: 'factors' | 'rests'): number[] => [...of(a, key), ...of(b, key).map((value) => sign * value)];
  const divisors = new Set([a, b].flatMap((part) => (part.kind === 'sum' ? [part.divisor] : [])));
  const [divisor = null] = divisors;
  // Sums of different divisors have no share in common.
  return divisors.size > 1 ? null : { kind: 'sum', factors: joined('factors'), rests: joined('rests'), divisor };
}

/** A known number that a sum is multiplied with. */
function numberOf(tensor: Tensor): number | null {
  if (isOp(tensor, 'broadcast')) return numberOf(inputAt(tensor.inputs, 0));
  return isOp(tensor, 'fill') ? tensor.attributes.value : null;
}

function reduced(node: Tensor<'sum' | 'max'>, [input = fixed]: readonly Dependence[]): Dependence | null {
  const { axes, keepDims } = node.attributes;
  if (input.kind === 'sum') return node.op === 'sum' ? scaled(input, 1) : null;
  if (input.kind !== 'rows') return null;
  const { axis } = input;
  if (axes.includes(axis)) return node.op === 'sum' ? { kind: 'sum', factors: [1], rests: [], divisor: null } : null;
  return along(keepDims ? axis : axis - axes.filter((other) => other < axis).length);
}

/** The axis of a new shape that holds the rows: as much lies before it, and its size is a multiple of them. */
function reshaped(node: Tensor<'reshape'>, [input = fixed]: readonly Dependence[], rows: number): Dependence | null {
  if (input.kind === 'sum') return input;
  if (input.kind !== 'rows') return null;
  const before = inputAt(node.inputs, 0)
    .shape.slice(0, input.axis)
    .reduce((product, size) => product * size, 1);
  let product = 1;
  for (const [axis, size] of node.shape.entries()) {
    if (product === before && size % rows === 0) return along(axis);
    product *= size;
  }
  return null;
}

function multiplied(node: Tensor<'matmul'>, [a = fixed, b = fixed]: readonly Dependence[]): Dependence | null {
  const rank = node.shape.length;
  const { transposeA, transposeB } = node.attributes;
  const leading = sharedAxis(node, [a, b]);
  if (leading !== null && leading < rank - 2) return along(leading);
  const rowsOfA = transposeA ? rank - 1 : rank - 2;
  const columnsOfB = transposeB ? rank - 2 : rank - 1;
  if (a.kind === 'rows' && b.kind === 'fixed') return a.axis === rowsOfA ? along(rank - 2) : null;
  if (b.kind === 'rows' && a.kind === 'fixed') return b.axis === columnsOfB ? along(rank - 1) : null;
  return null;
}

function gathered(node: Tensor<'gather'>, [x = fixed, indices = fixed]: readonly Dependence[]): Dependence | null {
  const { axis } = node.attributes;
  if (x.kind === 'fixed' && indices.kind === 'rows') return along(axis + indices.axis);
  if (x.kind !== 'rows' || indices.kind !== 'fixed' || x.axis === axis) return null;
  return along(x.axis < axis ? x.axis : x.axis + inputAt(node.inputs, 1).shape.length - 1);
}

/** Planes row by row, the rest the same for all. */
const planes = (_: Tensor, [x = fixed, ...rest]: readonly Dependence[]): Dependence | null =>
  x.kind === 'rows' && x.axis === 0 && rest.every(({ kind }) => kind === 'fixed') ? along(0) : null;

const mixed = (): null => null;

const rules: { readonly [K in Operation]: Rule<K> } = {
  input: mixed,
  constant: mixed,
  fill: mixed,
  neg: (node, inputs) => scaled(inputs[0] ?? fixed, -1) ?? pointwise(node, inputs),
  exp: pointwise,
  log: pointwise,
  sqrt: pointwise,
  reciprocal: pointwise,
  abs: pointwise,
  sign: pointwise,
  tanh: pointwise,
  sigmoid: pointwise,
  relu: pointwise,
  step: pointwise,
  softplus: pointwise,
  erf: pointwise,
  sin: pointwise,
  cos: pointwise,
  floor: pointwise,
  power: pointwise,
  stopGradient: pointwise,
  cast: pointwise,
  not: pointwise,
  isFinite: pointwise,
  add: (node, inputs) => added(node, inputs, 1),
  sub: (node, inputs) => added(node, inputs, -1),
  mul: (node, inputs) => {
    const [a = fixed, b = fixed] = inputs;
    if (a.kind !== 'sum' && b.kind !== 'sum') return pointwise(node, inputs);
    const factor = numberOf(inputAt(node.inputs, a.kind === 'sum' ? 1 : 0));
    return factor === null ? null : scaled(a.kind === 'sum' ? a : b, factor);
  },
  div: (node, inputs) => {
    const [a = fixed, b = fixed] = inputs;
    if (a.kind !== 'sum' || b.kind !== 'fixed') return pointwise(node, inputs);
    const divisor = numberOf(inputAt(node.inputs, 1));
    return divisor === null ? null : scaled(a, 1 / divisor);
  },
  maximum: pointwise,
  minimum: pointwise,
  greater: pointwise,
  greaterOrEqual: pointwise,
  equal: pointwise,
  and: pointwise,
  or: pointwise,
  where: pointwise,
  matmul: multiplied,
  sum: reduced,
  max: reduced,
  argMax: (node, inputs) => {
    const axis = sharedAxis(node, inputs);
    if (axis === null || axis === node.attributes.axis) return null;
    return along(axis < node.attributes.axis ? axis : axis - 1);
  },
  softmax: (node, inputs) => awayFrom(node, inputs, [node.attributes.axis]),
  logSoftmax: (node, inputs) => awayFrom(node, inputs, [node.attributes.axis]),
  reshape: reshaped,
  transpose: (node, [input = fixed]) => (input.kind === 'rows' ? along(node.attributes.permutation.indexOf(input.axis)) : null),
  broadcast: (node, [input = fixed]) => {
    if (input.kind !== 'rows') return null;
    return along(input.axis + node.shape.length - inputAt(node.inputs, 0).shape.length);
  },
  slice: (node, inputs) =>
    awayFrom(
      node,
      inputs,
      node.shape.flatMap((size, axis) => (size === inputAt(node.inputs, 0).shape[axis] ? [] : [axis])),
    ),
  pad: (node, inputs) =>
    awayFrom(
      node,
      inputs,
      node.shape.flatMap((size, axis) => (size === inputAt(node.inputs, 0).shape[axis] ? [] : [axis])),
    ),
  concat: (node, inputs) => awayFrom(node, inputs, [node.attributes.axis]),
  gather: gathered,
  scatterAdd: mixed,
  takeAlong: (node, inputs) => awayFrom(node, inputs, [node.attributes.axis]),
  putAlong: (node, inputs) => awayFrom(node, inputs, [node.attributes.axis]),
  conv: planes,
  convInput: planes,
  convKernel: mixed,
  maxPool: planes,
  maxPoolIndices: planes,
};
