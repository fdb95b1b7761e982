import { comparisons, unaryFunctions } from '../../base/elementary';
import { ok } from '../../base/result';
import type { Execute } from '../context';
import { fault, type Outcome } from '../fault';
import { rowsInput } from '../inputs';
import {
  arrayOf,
  asIntegers,
  isInteger,
  lineageOf,
  showShape,
  sizeOf,
  toArray,
  toTable,
  type ArrayValue,
  type Lineage,
  type RowsValue,
  type Value,
} from '../values';
import { chooseAlong } from './along';

type Precision = 'integer' | 'single' | 'double';

/** a + b: of masks, either true. */
export const executeAdd: Execute<'add'> = (_settings, inputs) => binary(inputs, (a, b) => a + b, { keepMask: true });
/** a - b. */
export const executeSubtract: Execute<'subtract'> = (_settings, inputs) => binary(inputs, (a, b) => a - b);
/** a * b: of masks, both true. */
export const executeMultiply: Execute<'multiply'> = (_settings, inputs) => binary(inputs, (a, b) => a * b, { keepMask: true });
/** a / b, always in floats. */
export const executeDivide: Execute<'divide'> = (_settings, inputs) => binary(inputs, (a, b) => a / b, { float: true });
/** a ** b. */
export const executePower: Execute<'power'> = (_settings, inputs) => binary(inputs, (a, b) => a ** b);

/** Comparisons: true (1) or false (0), false wherever NaN is met but for `!=`. */
export const executeCompare: Execute<'compare'> = (settings, inputs) =>
  binary(inputs, comparisons[settings.function], { mask: true });

/** A function of each element. */
export const executeUnary: Execute<'unary'> = (settings, inputs) => {
  const keepsIntegers = ['negate', 'abs', 'sign', 'square', 'round', 'floor', 'ceil'].includes(settings.function);
  return unary(inputs, unaryFunctions[settings.function], keepsIntegers);
};

/** Each element, not below one bound and not above the other; NaN stays. */
export const executeClip: Execute<'clip'> = ({ low, high }, inputs) => {
  const whole = [low, high].every((bound) => bound === null || Number.isInteger(bound));
  return unary(inputs, (x) => Math.min(Math.max(x, low ?? -Infinity), high ?? Infinity), whole);
};

function unary(inputs: readonly Value[], f: (x: number) => number, keepsIntegers: boolean): Outcome<RowsValue> {
  const input = rowsInput(inputs, 0);
  if (!input.ok) return input;
  const value = toArray(input.value);
  if (!value.ok) return value;
  const { shape, values } = value.value.tensor;
  const out = allocate(precisionOf(value.value), values.length);
  for (let i = 0; i < out.length; i++) out[i] = f(values[i] as number);
  const result = keepsIntegers && isInteger(value.value) ? asIntegers(out as Float64Array) : out;
  return ok(likeTable(input.value, arrayOf(shape, result, { ...lineageOf(value.value), names: value.value.names })));
}

interface BinaryKind {
  /** The result is a mask. */
  readonly mask?: boolean;
  /** Two masks give a mask. */
  readonly keepMask?: boolean;
  /** Integers give floats. */
  readonly float?: boolean;
}

/** An operation element by element with NumPy's broadcasting; a table where one of the two is a table of as many rows. */
export function binary(inputs: readonly Value[], f: (a: number, b: number) => number, kind: BinaryKind = {}): Outcome<RowsValue> {
  const left = rowsInput(inputs, 0);
  const right = rowsInput(inputs, 1);
  if (!left.ok) return left;
  if (!right.ok) return right;
  const a = toArray(left.value);
  const b = toArray(right.value);
  if (!a.ok) return a;
  if (!b.ok) return b;
  const x = alignNames(a.value, b.value);
  const y = alignNames(b.value, a.value);
  const shape = broadcastShape(x.tensor.shape, y.tensor.shape);
  if (!shape)
    return fault(
      `Arrays of shapes ${showShape(x.tensor.shape)} and ${showShape(y.tensor.shape)} do not fit together element by element.`,
    );
  const boolean = kind.mask === true || (kind.keepMask === true && x.boolean && y.boolean);
  const precision = kind.mask ? 'integer' : kind.float && joint(x, y) === 'integer' ? 'double' : joint(x, y);
  const out = allocate(precision, sizeOf(shape));
  combine(x.tensor, y.tensor, shape, f, out);
  if (boolean) for (let i = 0; i < out.length; i++) out[i] = Number(out[i] !== 0);
  const values = precision === 'integer' ? asIntegers(out as Float64Array) : out;
  const result = arrayOf(shape, values, { ...jointLineage(x, y, shape), boolean, names: jointNames(x, y, shape) });
  const table = [left.value, right.value].find((value) => value.kind === 'table' && value.length === shape[0]);
  return ok(table ? likeTable(table, result) : result);
}

/** A table operand gives a table, so that its headers and pandas' treatment of missing values stay. */
function likeTable(input: RowsValue, result: ArrayValue): RowsValue {
  if (input.kind !== 'table') return result;
  const rank = input.single ? 1 : 2;
  if (result.tensor.shape.length !== rank || (rank === 2 && result.tensor.shape[1] !== input.columns.length)) return result;
  return toTable(
    result,
    input.columns.map((column) => column.label),
    input.single,
  );
}

/** pandas matches columns by name: `value` in the order of the names of `other`, where both have the same ones. */
function alignNames(value: ArrayValue, other: ArrayValue): ArrayValue {
  const { names } = value;
  if (!names || !other.names || value.tensor.shape.length !== 1 || names.length !== other.names.length) return value;
  const order = other.names.map((name) => names.indexOf(name));
  if (order.includes(-1) || order.every((at, index) => at === index)) return value;
  return chooseAlong(value, 0, order);
}

const precisionOf = (value: ArrayValue): Precision =>
  value.tensor.values instanceof Int32Array ? 'integer' : value.tensor.values instanceof Float32Array ? 'single' : 'double';

/** The element type of a result: scalars give way to arrays, as in NumPy and torch. */
function joint(a: ArrayValue, b: ArrayValue): Precision {
  const [first, second] = [precisionOf(a), precisionOf(b)];
  if (first === second) return first;
  const isScalar = (value: ArrayValue): boolean => value.tensor.shape.length === 0;
  if (isScalar(a) !== isScalar(b)) {
    const array = isScalar(a) ? second : first;
    return array === 'integer' ? 'double' : array;
  }
  return first === 'double' || second === 'double' ? 'double' : 'single';
}

/** Integers are computed in double precision and turned back afterwards. */
const allocate = (precision: Precision, length: number): Float32Array | Float64Array =>
  precision === 'single' ? new Float32Array(length) : new Float64Array(length);

function broadcastShape(a: readonly number[], b: readonly number[]): number[] | null {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const first = a[axis - rank + a.length] ?? 1;
    const second = b[axis - rank + b.length] ?? 1;
    if (first !== second && first !== 1 && second !== 1) return null;
    shape.push(first === 1 ? second : first);
  }
  return shape;
}

type Operand = ArrayValue['tensor'];

function combine(
  a: Operand,
  b: Operand,
  shape: readonly number[],
  f: (a: number, b: number) => number,
  out: Float32Array | Float64Array,
): void {
  const [stepsA, stepsB] = [steps(a.shape, shape), steps(b.shape, shape)];
  const last = shape.length - 1;
  const inner = shape[last] ?? 1;
  const [innerA, innerB] = [stepsA[last] ?? 0, stepsB[last] ?? 0];
  const at = new Array<number>(Math.max(0, last)).fill(0);
  for (let to = 0; to < out.length; to += inner) {
    let [i, j] = [0, 0];
    for (const [axis, position] of at.entries()) {
      i += position * (stepsA[axis] as number);
      j += position * (stepsB[axis] as number);
    }
    for (let k = 0; k < inner; k++) out[to + k] = f(a.values[i + k * innerA] as number, b.values[j + k * innerB] as number);
    for (let axis = last - 1; axis >= 0; axis--) {
      at[axis] = (at[axis] as number) + 1;
      if ((at[axis] as number) < (shape[axis] as number)) break;
      at[axis] = 0;
    }
  }
}

/** Distance in the values of one step along each axis of `shape`; 0 where the operand is repeated. */
function steps(own: readonly number[], shape: readonly number[]): number[] {
  const lead = shape.length - own.length;
  return shape.map((size, axis) =>
    axis < lead || (own[axis - lead] === 1 && size !== 1) ? 0 : sizeOf(own.slice(axis - lead + 1)),
  );
}

function jointLineage(a: ArrayValue, b: ArrayValue, shape: readonly number[]): Lineage {
  const carriers = [a, b].filter(
    (value) => value.rows && value.rows.length === shape[0] && value.tensor.shape.length === shape.length,
  );
  const carrier = carriers.find((value) => value.ofRows > (value.rows?.length ?? 0)) ?? carriers[0];
  return { ...lineageOf(carrier ?? a), rows: carrier?.rows ?? null, pixels: a.pixels || b.pixels };
}

function jointNames(a: ArrayValue, b: ArrayValue, shape: readonly number[]): readonly string[] | null {
  return [a.names, b.names].find((names) => names && names.length === shape.at(-1)) ?? null;
}
