import { factsOf } from '../tables/tableColumns';
import type { DataSteps } from '../../../records/dataSteps';
import { numbersOf, type Arguments } from '../../interpret/call';
import { fromFront } from '../../interpret/shapes';
import { notKnown } from '../../interpret/machine';
import { compareWith, dataStep, graphOperation, isTensorLike, opaqueOperation } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { numberValue, unknown, unreadable, type Value } from '../../values/value';
import { overAxes, type AlongOne } from './severalAxes';
import { dataOf, valuesAndPlaces, type TensorOperation } from './tensorOperation';

type Statistic = 'sum' | 'mean' | 'max' | 'min' | 'std' | 'var' | 'median';

/** A reduction over `dim`, or over everything. */
export function reduction(name: Statistic): TensorOperation {
  return {
    names: name === 'std' || name === 'var' ? 'dim unbiased keepdim' : 'dim keepdim',
    run: (x, a) => {
      const axisValue = a.value('dim') ?? a.value('axis');
      const keep = a.boolean('keepdim', false) || a.boolean('keepdims', false);
      const array = dataOf(x);
      if (array) return reduceData(array, name, axisValue, keep, a);
      return reduceGraph(x, name, axisValue, keep, a);
    },
  };
}

/** A reduction that only data have; what it is of tensors of the graph is not read. */
const ofDataAlone = (name: string, run: (array: DataArray, a: Arguments) => Value): TensorOperation => ({
  names: 'dim keepdim',
  run: (x, a) => {
    const array = dataOf(x);
    return array ? run(array, a) : { kind: 'unknown', reason: notKnown(`.${name}()`, a.call.range) };
  },
});

const over = (array: DataArray, name: DataSteps['reduce']['function'], a: Arguments): Value => {
  const keep = a.boolean('keepdim', false) || a.boolean('keepdims', false);
  return reduceData(array, name, a.value('dim') ?? a.value('axis'), keep, a);
};

/** `(x > 2).any(dim=1)`, `.all()`: true where one, where each of the numbers is not 0. */
const whether = (name: 'any' | 'all'): TensorOperation =>
  ofDataAlone(name, (array, a) => {
    const mask = array.mask ? array : compareWith(a.call.machine, '!=', array, 0, a.call.range);
    const made = over(mask, name === 'any' ? 'max' : 'min', a);
    const of = made.kind === 'list' ? made.items[0] : made;
    return of?.kind === 'array' ? { ...of, mask: true, integer: true } : made;
  });

/** Reductions that are met in the preparation of data. */
export const dataReductions: Readonly<Record<string, TensorOperation>> = {
  any: whether('any'),
  all: whether('all'),
  prod: ofDataAlone('prod', (array, a) => over(array, 'product', a)),
};

/** The place of the largest or smallest along an axis of data, or in all of them. */
export function placeInData(array: DataArray, kind: 'argMax' | 'argMin', a: Arguments): Value {
  const made = over(array, kind, a);
  return made.kind === 'array' ? { ...made, integer: true, mask: false } : made;
}

/** In the graph: sums, means, extremes, variances. With an axis, torch's `max` and `min` give values and places. */
function reduceGraph(x: Value, name: Statistic, axisValue: Value | null, keep: boolean, a: Arguments): Value {
  const { machine: m, range } = a.call;
  const extreme = name === 'max' || name === 'min';
  if (extreme && axisValue && isTensorLike(axisValue))
    return graphOperation(m, name === 'max' ? 'maximum' : 'minimum', {}, [x, axisValue], range);
  const axes = axisValue && axisValue.kind !== 'none' ? numbersOf(axisValue) : null;
  if (axes === null && axisValue && axisValue.kind !== 'none' && axisValue.kind !== 'boolean')
    return unreadable('The axes of this reduction are not read', range);
  a.rejectOthers('axis keepdims input a dtype correction');
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  if (name === 'sum' || name === 'mean') return graphOperation(m, name, { axes, keep }, [x], range);
  if (name === 'median') return opaqueOperation(m, name, [x], range);
  if (!extreme) {
    const args = { axes, keep, correction: correctionOf(a, axisValue) };
    return graphOperation(m, name === 'std' ? 'deviation' : 'variance', args, [x], range);
  }
  if (axes === null) return graphOperation(m, name, { axes, keep }, [x], range);
  const [axis = 0] = axes;
  const along = { axis, keep };
  const values = graphOperation(m, name === 'max' ? 'maxAlong' : 'minAlong', along, [x], range);
  const places = graphOperation(m, name === 'max' ? 'argMax' : 'argMin', along, [x], range);
  return valuesAndPlaces(values, places);
}

/** What the number of elements is lessened by; `x.var(False)` means the plain mean. */
function correctionOf(a: Arguments, first: Value | null): number {
  if (first?.kind === 'boolean') return Number(first.value);
  const given = a.value('correction');
  if (given?.kind === 'number') return given.value;
  return Number(a.boolean('unbiased', true));
}

function reduceData(
  array: DataArray,
  name: DataSteps['reduce']['function'],
  axisValue: Value | null,
  keep: boolean,
  a: Arguments,
): Value {
  const m = a.call.machine;
  if (axisValue?.kind === 'list') return overSeveral(array, name, numbersOf(axisValue), keep, a);
  if (axisValue && axisValue.kind !== 'none' && axisValue.kind !== 'number')
    return unreadable('The axes of this reduction are not read', a.call.range);
  const table = array.flavour === 'frame';
  const axis = axisValue?.kind === 'number' ? axisValue.value : table ? 0 : null;
  const s = array.shape;
  const at = axis === null || !s ? null : fromFront(axis, s.length);
  const shape = axis === null ? [] : s ? (keep ? s.map((v, i) => (i === at ? 1 : v)) : s.filter((_, i) => i !== at)) : null;
  const correction = correctionOfData(array, a);
  const made = dataStep(m, 'reduce', { function: name, axis, keep, correction }, [array], a.call.range, {
    shape,
    flavour: table ? 'series' : array.flavour,
    ...(table && axis === 0 && !array.row ? { labels: array.columns ?? factsOf(m, array)?.map((column) => column.name) } : {}),
    integer: name === 'max' || name === 'min' || name === 'sum' || name === 'product' ? array.integer : false,
  });
  if (name === 'max' && axis === null && array.integer !== false && !array.mask)
    return { ...made, size: m.program.symbol(array.step, { kind: 'maximum' }) };
  const pair = array.flavour === 'torch' && axis !== null && (name === 'max' || name === 'min' || name === 'median');
  return pair ? { kind: 'list', form: 'tuple', items: [made, unknown], range: null } : made;
}

/** Over all axes, or over some of them. */
function overSeveral(
  array: DataArray,
  name: DataSteps['reduce']['function'],
  axes: readonly number[] | null,
  keep: boolean,
  a: Arguments,
): Value {
  const unread = unreadable('The axes of this reduction are not read', a.call.range);
  if (axes === null || array.flavour === 'frame') return unread;
  const size = array.shape?.length;
  const all = size !== undefined && new Set(axes.map((axis) => fromFront(axis, size))).size === size;
  if (all && !keep) return reduceData(array, name, null, false, a);
  const along: AlongOne = (rows, statistic, axis, keeps) => {
    const made = reduceData(rows, statistic, numberValue(axis, true), keeps, a);
    const values = made.kind === 'list' ? made.items[0] : made;
    return values?.kind === 'array' ? values : null;
  };
  const options = { keep, correction: correctionOfData(array, a) };
  return overAxes(array, name, axes, options, along, a.call) ?? (keep ? null : overRows(array, name, axes, a)) ?? unread;
}

/** Over all axes but the last one: the rows then stand in one long table. Null for other axes. */
function overRows(array: DataArray, name: DataSteps['reduce']['function'], axes: readonly number[], a: Arguments): Value | null {
  const size = array.shape?.length ?? 0;
  const over = new Set(axes.map((axis) => fromFront(axis, size)));
  const last = array.shape?.[size - 1] ?? null;
  if (last === null || over.size !== size - 1 || over.has(size - 1)) return null;
  const table = dataStep(a.call.machine, 'reshape', { shape: [-1, last] }, [array], a.call.range, { shape: [null, last] });
  return reduceData(table, name, numberValue(0, true), false, a);
}

/** What the number of entries is lessened by: none in NumPy, one in pandas and torch. */
function correctionOfData(array: DataArray, a: Arguments): number {
  const ddof = a.value('ddof') ?? a.value('correction');
  const unbiased = a.value('unbiased');
  if (ddof?.kind === 'number') return ddof.value;
  return unbiased?.kind === 'boolean' ? Number(unbiased.value) : array.flavour === 'numpy' ? 0 : 1;
}
