import { ok } from '../../base/result';
import type { EntryIndex } from '../../records/dataSteps';
import type { Execute, StepContext } from '../context';
import { fault, type Outcome } from '../fault';
import { rangePositions } from '../files/columnChoice';
import { arrayInput, rowsInput } from '../inputs';
import {
  arrayOf,
  asIntegers,
  isInteger,
  lineageOf,
  showShape,
  sizeOf,
  toTable,
  type ArrayValue,
  type RowsValue,
  type Value,
} from '../values';
import { axisOf, replacedAt } from './along';
import { chosenCells, holdsWords } from './cellChoice';
import { binary } from './elementwise';
import { assignedColumn } from './tables';

/** One value or the other, element by element; a column where one of them is a column. */
export const executeWhere: Execute<'where'> = (_settings, inputs) => {
  const [condition, yes, no] = inputs;
  if (!condition || !yes || !no) return fault('A condition and two values are needed here.');
  if (holdsWords(yes) || holdsWords(no)) return chosenCells(condition, yes, no);
  const pair = binary([condition, yes], () => 0);
  if (!pair.ok) return pair;
  const base = binary([pair.value, no], () => 0);
  if (!base.ok) return base;
  const spread: ArrayValue[] = [];
  for (const value of [condition, yes, no]) {
    const wide = binary([value, base.value], (a) => a);
    const array = wide.ok ? arrayInput([wide.value], 0) : wide;
    if (!array.ok) return array;
    spread.push(array.value);
  }
  const [c, y, n] = spread as [ArrayValue, ArrayValue, ArrayValue];
  const values = Float64Array.from(c.tensor.values, (one, i) => (one === 0 ? n : y).tensor.values[i] as number);
  const result = arrayOf(c.tensor.shape, isWhole(yes) && isWhole(no) ? asIntegers(values) : values, {
    ...lineageOf(c),
    names: c.names,
  });
  return ok(columnLike([yes, no, condition], result));
};

const isWhole = (value: Value): boolean => {
  const array = arrayInput([value], 0);
  return array.ok && isInteger(array.value);
};

/** The result as a column, when one of the inputs is a column of the same length. */
function columnLike(inputs: readonly Value[], result: ArrayValue): RowsValue {
  const table = inputs.find((value) => value.kind === 'table' && value.single && value.length === result.tensor.shape[0]);
  if (table?.kind !== 'table' || result.tensor.shape.length !== 1) return result;
  return toTable(
    result,
    table.columns.map(({ label }) => label),
    true,
  );
}

/** A copy of an array in which the entries that the index takes have the given values, spread as NumPy does. */
export const executeSetEntries: Execute<'setEntries'> = ({ index }, inputs, context) => {
  const table = rowsInput(inputs, 0);
  if (table.ok && holdsWords(table.value)) return columnWritten(index, inputs, table.value);
  const array = arrayInput(inputs, 0);
  const given = arrayInput(inputs, 1);
  if (!table.ok) return table;
  if (!array.ok) return array;
  if (!given.ok) return given;
  const whole = wholeMask(index, inputs, array.value);
  if (whole) return masked(array.value, given.value, whole);
  const { shape } = array.value.tensor;
  if (index.length > shape.length) return fault(`An array of shape ${showShape(shape)} has no ${index.length} axes.`);
  const axes: Axis[] = [];
  for (const [axis, size] of shape.entries()) {
    const taken = axisOfIndex(index[axis] ?? { kind: 'all' }, size, inputs, context);
    if (!taken.ok) return taken;
    axes.push(taken.value);
  }
  return written(array.value, given.value, axes);
};

/** `x[:, 2] = column` of an array that holds words: the others stay as they are. */
function columnWritten(index: readonly EntryIndex[], inputs: readonly Value[], rows: RowsValue): Outcome<RowsValue> {
  const [all, one] = index;
  const given = rowsInput(inputs, 1);
  if (!given.ok) return given;
  if (rows.kind !== 'table' || index.length !== 2 || all?.kind !== 'all' || one?.kind !== 'at')
    return fault('Among words only whole columns can be written; encode them first.');
  const at = axisOf(one.at, rows.columns.length);
  const label = at === null ? undefined : rows.columns[at]?.label;
  if (at === null || label === undefined) return fault(`There is no column ${one.at} among ${rows.columns.length}.`);
  const column = assignedColumn(label, given.value, rows);
  return column.ok ? ok({ ...rows, columns: replacedAt(rows.columns, at, column.value) }) : column;
}

/** A mask of all entries, where the index is one. */
function wholeMask(index: readonly EntryIndex[], inputs: readonly Value[], array: ArrayValue): ArrayValue | null {
  const [only] = index;
  if (index.length !== 1 || only?.kind !== 'places') return null;
  const mask = arrayInput(inputs, only.input);
  const { shape } = array.tensor;
  return mask.ok && mask.value.boolean && shape.length > 1 && mask.value.tensor.shape.join() === shape.join() ? mask.value : null;
}

function masked(array: ArrayValue, given: ArrayValue, mask: ArrayValue): Outcome<RowsValue> {
  const { shape, values } = array.tensor;
  const flat = arrayOf([values.length], values, { boolean: array.boolean });
  const places = [...values.keys()].filter((at) => mask.tensor.values[at] !== 0);
  const made = written(flat, given, [{ places, kept: true, paired: false }]);
  if (!made.ok || made.value.kind !== 'array') return made;
  return ok({ ...array, tensor: { shape, values: made.value.tensor.values } });
}

/** The places along one axis; `kept`: the axis stays in what the index takes; `paired`: it goes along with other such axes. */
interface Axis {
  readonly places: readonly number[];
  readonly kept: boolean;
  readonly paired: boolean;
}

function axisOfIndex(index: EntryIndex, size: number, inputs: readonly Value[], context: StepContext): Outcome<Axis> {
  if (index.kind === 'all') return ok({ places: [...Array(size).keys()], kept: true, paired: false });
  if (index.kind === 'at') {
    const at = axisOf(index.at, size);
    return at === null ? fault(`There is no place ${index.at} among ${size}.`) : ok({ places: [at], kept: false, paired: false });
  }
  if (index.kind === 'range') {
    const ends: (number | null)[] = [];
    for (const end of [index.start, index.end]) {
      const bound = end === null ? null : context.size(end);
      if (bound && !bound.ok) return bound;
      ends.push(bound ? bound.value : null);
    }
    return ok({ places: rangePositions(size, ends[0] ?? null, ends[1] ?? null, index.step), kept: true, paired: false });
  }
  const named = arrayInput(inputs, index.input);
  if (!named.ok) return named;
  const { values } = named.value.tensor;
  if (named.value.boolean) {
    if (values.length !== size) return fault(`A mask of ${values.length} entries does not fit an axis of ${size}.`);
    return ok({ places: [...values.keys()].filter((at) => values[at] !== 0), kept: true, paired: true });
  }
  const places: number[] = [];
  for (const value of values) {
    const at = axisOf(value, size);
    if (at === null || !Number.isInteger(at)) return fault(`There is no place ${value} among ${size}.`);
    places.push(at);
  }
  return ok({ places, kept: true, paired: true });
}

function written(array: ArrayValue, given: ArrayValue, axes: readonly Axis[]): Outcome<RowsValue> {
  const { shape, values } = array.tensor;
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const paired = axes.filter((axis) => axis.paired);
  const count = Math.max(0, ...paired.map((axis) => axis.places.length));
  if (paired.some((axis) => axis.places.length !== count && axis.places.length !== 1))
    return fault('The places that this index names for its axes differ in number.');
  // Axes that are paired are gone through together, at the place of the first of them.
  const groups: { readonly size: number; readonly kept: boolean; readonly offset: (i: number) => number }[] = [];
  for (const [a, axis] of axes.entries()) {
    const stride = strides[a] ?? 1;
    if (!axis.paired)
      groups.push({ size: axis.places.length, kept: axis.kept, offset: (i) => (axis.places[i] as number) * stride });
    else if (axis === paired[0])
      groups.push({
        size: count,
        kept: true,
        offset: (i) =>
          axes.reduce(
            (sum, other, at) =>
              other.paired ? sum + (other.places[other.places.length === 1 ? 0 : i] as number) * (strides[at] ?? 1) : sum,
            0,
          ),
      });
  }
  const target = groups.filter((group) => group.kept).map((group) => group.size);
  const from = spreading(given.tensor.shape, target);
  if (!from) return fault(`Values of shape ${showShape(given.tensor.shape)} do not fit entries of shape ${showShape(target)}.`);
  const out = isInteger(array) ? Int32Array.from(values) : (values.slice() as Float32Array | Float64Array);
  const total = groups.reduce((product, group) => product * group.size, 1);
  for (let k = 0; k < total; k++) {
    let rest = k;
    let [to, source, axis] = [0, 0, target.length - 1];
    for (let g = groups.length - 1; g >= 0; g--) {
      const group = groups[g] as (typeof groups)[number];
      const i = rest % group.size;
      rest = Math.floor(rest / group.size);
      to += group.offset(i);
      if (group.kept) source += i * (from[axis--] as number);
    }
    out[to] = given.tensor.values[source] as number;
  }
  return ok(arrayOf(shape, out, { ...lineageOf(array), boolean: array.boolean, names: array.names }));
}

/** Distance in the given values of one step along each axis of `target`, 0 where they are repeated; null when they do not fit. */
function spreading(given: readonly number[], target: readonly number[]): number[] | null {
  const extra = given.length - target.length;
  if (given.slice(0, Math.max(0, extra)).some((size) => size !== 1)) return null;
  const own = given.slice(Math.max(0, extra));
  const lead = target.length - own.length;
  if (own.some((size, i) => size !== 1 && size !== target[i + lead])) return null;
  return target.map((_, axis) => (axis < lead || own[axis - lead] === 1 ? 0 : sizeOf(own.slice(axis - lead + 1))));
}
