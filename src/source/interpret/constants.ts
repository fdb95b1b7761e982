import { comparisons, unaryFunctions } from '../../base/elementary';
import { bindSize, type Size } from '../../graph/size';
import type { DataKind, DataStepOf, DataSteps } from '../../records/dataSteps';
import type { Array as DataArray } from '../values/dataValues';
import type { Value } from '../values/value';
import type { Machine } from './machine';
import { fromFront } from './shapes';

/** A tensor whose numbers the script itself decides, row by row. */
export interface Constant {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly integer: boolean;
}

/** Larger ones are not computed. */
const mostElements = 2 ** 18;
/** Nor are products of matrices that take more multiplications. */
const mostProducts = 2 ** 24;

const known = new WeakMap<Machine, Map<number, Constant | null>>();

/** The numbers of an array that needs no data and no random numbers; null for others. */
export const constantOf = (m: Machine, array: DataArray): Constant | null => (array.fault ? null : ofStep(m, array.step));

function ofStep(m: Machine, index: number): Constant | null {
  let memory = known.get(m);
  if (memory === undefined) known.set(m, (memory = new Map()));
  const found = memory.get(index);
  if (found !== undefined) return found;
  memory.set(index, null);
  m.tick();
  const step = m.program.steps[index];
  const rule = step ? (rules[step.kind] as Rule<DataKind> | undefined) : undefined;
  if (!step || !rule) return null;
  const inputs: Constant[] = [];
  for (const input of step.inputs) {
    const constant = ofStep(m, input);
    if (constant === null) return null;
    inputs.push(constant);
  }
  const made = rule(step.arguments as never, inputs, step as never);
  const result = made !== null && made.values.length === sizeOf(made.shape) && made.values.length <= mostElements ? made : null;
  memory.set(index, result);
  return result;
}

type Rule<K extends DataKind> = (args: DataSteps[K], inputs: readonly Constant[], step: DataStepOf<K>) => Constant | null;

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

function numbersOf(sizes: readonly Size[]): number[] | null {
  const numbers = sizes.map((size) => bindSize(size, {}));
  return numbers.every((n) => n !== null) && numbers.every((n) => n >= -1) && sizeOf(numbers) <= mostElements ? numbers : null;
}

const binary =
  (combine: (a: number, b: number) => number, whole: boolean): Rule<DataKind> =>
  (_args, [a, b]) =>
    a && b ? broadcast(a, b, combine, whole && a.integer && b.integer) : null;

/** The steps that need nothing but numbers of the script. */
const rules: { readonly [K in DataKind]?: Rule<K> } = {
  literal: ({ shape, values, integer }) => ({ shape, values, integer }),
  filled: ({ shape, value }) => {
    const sizes = numbersOf(shape);
    return sizes?.every((n) => n >= 0)
      ? { shape: sizes, values: new Array<number>(sizeOf(sizes)).fill(value), integer: false }
      : null;
  },
  arange: ({ start, end, step }) => {
    const stop = bindSize(end, {});
    if (stop === null || step === 0) return null;
    const count = Math.max(0, Math.ceil((stop - start) / step));
    const integer = Number.isInteger(start) && Number.isInteger(step);
    if (count > mostElements) return null;
    return { shape: [count], values: Array.from({ length: count }, (_, i) => start + i * step), integer };
  },
  linspace: ({ start, end, count }) => {
    const n = bindSize(count, {});
    if (n === null || n > mostElements) return null;
    const step = n > 1 ? (end - start) / (n - 1) : 0;
    return { shape: [n], values: Array.from({ length: n }, (_, i) => start + i * step), integer: false };
  },
  unary: (args, [x]) =>
    (x ?? null) ? { ...(x as Constant), values: (x as Constant).values.map(unaryFunctions[args.function]) } : null,
  compare: (args, [a, b]) => (a && b ? broadcast(a, b, comparisons[args.function], true) : null),
  add: binary((a, b) => a + b, true),
  subtract: binary((a, b) => a - b, true),
  multiply: binary((a, b) => a * b, true),
  divide: binary((a, b) => a / b, false),
  power: binary((a, b) => a ** b, true),
  cast: ({ to }, [x]) =>
    x ? { ...x, values: to === 'integer' ? x.values.map(Math.trunc) : x.values, integer: to === 'integer' } : null,
  reshape: ({ shape }, [x]) => {
    const sizes = numbersOf(shape);
    if (!x || !sizes) return null;
    const rest = sizes.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
    return { ...x, shape: sizes.map((size) => (size === -1 ? x.values.length / rest : size)) };
  },
  unsqueeze: ({ axis }, [x]) => {
    if (!x) return null;
    const at = fromFront(axis, x.shape.length + 1);
    return { ...x, shape: [...x.shape.slice(0, at), 1, ...x.shape.slice(at)] };
  },
  squeeze: ({ axis }, [x]) => {
    if (!x) return null;
    const at = axis === null ? null : fromFront(axis, x.shape.length);
    return { ...x, shape: x.shape.filter((size, i) => size !== 1 || (at !== null && i !== at)) };
  },
  flatten: ({ start, end }, [x]) => {
    if (!x) return null;
    const [from, to] = [fromFront(start, x.shape.length), fromFront(end, x.shape.length)];
    return { ...x, shape: [...x.shape.slice(0, from), sizeOf(x.shape.slice(from, to + 1)), ...x.shape.slice(to + 1)] };
  },
  transpose: ({ order }, [x]) => {
    if (!x) return null;
    const axes = order?.map((axis) => fromFront(axis, x.shape.length)) ?? x.shape.map((_, i) => x.shape.length - 1 - i);
    const strides = stridesOf(x.shape);
    const shape = axes.map((axis) => x.shape[axis] ?? 1);
    return picked(x, shape, (place) => place.reduce((sum, p, i) => sum + p * (strides[axes[i] ?? 0] ?? 0), 0));
  },
  slice: ({ axis, start, end, step }, [x]) => {
    if (!x) return null;
    const [from, to] = [start === null ? null : bindSize(start, {}), end === null ? null : bindSize(end, {})];
    if ((start !== null && from === null) || (end !== null && to === null) || step <= 0) return null;
    const places = slicePlaces(x.shape[axis] ?? 0, from, to, step);
    return takenAlong(x, axis, places);
  },
  index: ({ axis, at }, [x]) => {
    if (!x) return null;
    const taken = takenAlong(x, axis, [fromFront(at, x.shape[axis] ?? 0)]);
    return taken && { ...taken, shape: taken.shape.filter((_, i) => i !== axis) };
  },
  takeRows: (_args, [x, places]) =>
    x && places?.integer && places.shape.length === 1 && places.values.every((place) => place >= 0 && place < (x.shape[0] ?? 0))
      ? takenAlong(x, 0, places.values)
      : null,
  concatenate: ({ axis }, parts) => joined(parts, axis),
  stack: ({ axis }, parts) =>
    joined(
      parts.map((x) => {
        const at = fromFront(axis, x.shape.length + 1);
        return { ...x, shape: [...x.shape.slice(0, at), 1, ...x.shape.slice(at)] };
      }),
      axis,
    ),
  matmul: (_args, [a, b]) => {
    const [rows = 1, inner = 1] = a?.shape ?? [];
    const columns = b?.shape[1] ?? 1;
    if (a?.shape.length !== 2 || b?.shape.length !== 2 || b.shape[0] !== inner) return null;
    if (rows * inner * columns > mostProducts) return null;
    const values = Array.from({ length: rows * columns }, (_, k) => {
      const [i, j] = [Math.floor(k / columns), k % columns];
      let sum = 0;
      for (let t = 0; t < inner; t++) sum += (a.values[i * inner + t] ?? 0) * (b.values[t * columns + j] ?? 0);
      return sum;
    });
    return { shape: [rows, columns], values, integer: a.integer && b.integer };
  },
};

/** The distance in elements from one place of each axis to the next. */
function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  return strides;
}

/** A tensor of `shape` whose element at a place is the one of `x` that `from` names. */
function picked(x: Constant, shape: readonly number[], from: (place: readonly number[]) => number): Constant {
  const strides = stridesOf(shape);
  const values = Array.from({ length: sizeOf(shape) }, (_, k) => {
    const place = shape.map((size, axis) => Math.floor(k / (strides[axis] ?? 1)) % size);
    return x.values[from(place)] ?? Number.NaN;
  });
  return { shape, values, integer: x.integer };
}

function takenAlong(x: Constant, axis: number, places: readonly number[]): Constant | null {
  const strides = stridesOf(x.shape);
  const shape = x.shape.map((size, i) => (i === axis ? places.length : size));
  if (sizeOf(shape) > mostElements) return null;
  return picked(x, shape, (place) =>
    place.reduce((sum, p, i) => sum + (i === axis ? (places[p] ?? 0) : p) * (strides[i] ?? 1), 0),
  );
}

function broadcast(a: Constant, b: Constant, combine: (a: number, b: number) => number, integer: boolean): Constant | null {
  const rank = Math.max(a.shape.length, b.shape.length);
  const aligned = (x: Constant): number[] => [...new Array<number>(rank - x.shape.length).fill(1), ...x.shape];
  const [left, right] = [aligned(a), aligned(b)];
  if (left.some((size, i) => size !== right[i] && size !== 1 && right[i] !== 1)) return null;
  const shape = left.map((size, i) => (size === 1 ? (right[i] ?? 1) : size));
  if (sizeOf(shape) > mostElements) return null;
  const spread = (x: Constant, sizes: readonly number[]): Constant => {
    const strides = stridesOf(sizes);
    return picked(x, shape, (place) => place.reduce((sum, p, i) => sum + (sizes[i] === 1 ? 0 : p * (strides[i] ?? 1)), 0));
  };
  const [p, q] = [spread(a, left), spread(b, right)];
  return { shape, values: p.values.map((value, i) => combine(value, q.values[i] ?? Number.NaN)), integer };
}

function joined(parts: readonly Constant[], axis: number): Constant | null {
  const [first] = parts;
  if (!first || parts.reduce((sum, x) => sum + x.values.length, 0) > mostElements) return null;
  const at = fromFront(axis, first.shape.length);
  const outer = sizeOf(first.shape.slice(0, at));
  const chunk = (x: Constant): number => x.values.length / outer;
  const values = Array.from({ length: outer }, (_, i) =>
    parts.flatMap((x) => x.values.slice(i * chunk(x), (i + 1) * chunk(x))),
  ).flat();
  const total = parts.reduce((sum, x) => sum + (x.shape[at] ?? 1), 0);
  return { shape: first.shape.map((size, i) => (i === at ? total : size)), values, integer: parts.every((x) => x.integer) };
}

/** The places that a slice of an axis of `size` takes. */
function slicePlaces(size: number, start: number | null, end: number | null, step: number): number[] {
  const bounded = (at: number): number => Math.min(size, Math.max(0, at < 0 ? at + size : at));
  const [from, to] = [bounded(start ?? 0), bounded(end ?? size)];
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, i) => from + i * step);
}

/** `table[index] = value` for numbers and slices: the changed constant; null when something is not known. */
export function withAssigned(table: Constant, index: Value, value: Constant): Constant | null {
  const items = index.kind === 'list' && index.form === 'tuple' ? index.items : [index];
  if (items.length > table.shape.length) return null;
  const places: number[][] = [];
  const shape: number[] = [];
  for (const [axis, size] of table.shape.entries()) {
    const item = items[axis];
    if (item?.kind === 'number') {
      places.push([fromFront(item.value, size)]);
      continue;
    }
    if (item !== undefined && item.kind !== 'slice') return null;
    const part = item && item.kind === 'slice' ? [item.start, item.stop, item.step] : [];
    const bounds = part.map((v) => (v.kind === 'number' ? v.value : v.kind === 'none' ? null : Number.NaN));
    if (bounds.some((b) => b !== null && Number.isNaN(b)) || (bounds[2] ?? 1) <= 0) return null;
    places.push(slicePlaces(size, bounds[0] ?? null, bounds[1] ?? null, bounds[2] ?? 1));
    shape.push(places[axis]?.length ?? 0);
  }
  const target: Constant = { shape, values: new Array<number>(sizeOf(shape)).fill(0), integer: false };
  const spread = broadcast(target, value, (_, b) => b, false);
  if (spread?.values.length !== target.values.length) return null;
  const values = [...table.values];
  const strides = stridesOf(table.shape);
  const counts = places.map((p) => p.length);
  const steps = stridesOf(counts);
  spread.values.forEach((number, k) => {
    const at = counts.reduce((sum, count, i) => {
      const place = places[i]?.[Math.floor(k / (steps[i] ?? 1)) % count] ?? 0;
      return sum + place * (strides[i] ?? 1);
    }, 0);
    values[at] = number;
  });
  return { shape: table.shape, values, integer: table.integer };
}
