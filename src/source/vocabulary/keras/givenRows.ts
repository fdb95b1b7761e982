import type { Size } from '../../../graph/size';
import type { Sourced } from '../../../records/source';
import type { Call } from '../../interpret/call';
import type { Rows } from '../../interpret/fitting';
import {
  arrayOr,
  fromOutside,
  isOutside,
  orImported,
  partOfOutside,
  shapedRows,
  type OutsideValue,
} from '../../interpret/outsideRows';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import type { KerasModel } from '../../values/estimators';
import { unknown, type Value } from '../../values/value';
import { asTensor } from '../tables/tables';
import { layersOf } from './graph';
import { ownStep } from './ownStep';

/** What `fit` is given to learn from. */
interface Given {
  readonly rows: Rows;
  /** Set when the rows come in batches already. */
  readonly loader: (Value & { readonly kind: 'loader' }) | null;
  /** The size of batches that the script makes of rows that are not read. */
  readonly batchSize?: Sourced<number> | null;
}

/** `shapes`: of one row, where the model says them and the data do not. */
const arraysIn = (
  given: Value | null,
  order: readonly (string | null)[],
  call: Call,
  shapes: readonly (readonly (Size | null)[] | null)[] = [],
): DataArray[] | null => {
  const rowsOf = (item: Value, i: number): Value => {
    const rows = arrayOr(call.machine, item, call.range);
    const shape = shapes[i];
    if (item.kind === 'array') return ofShape(item, shape);
    return rows.kind === 'array' && shape ? shapedRows(call.machine, rows, shape) : rows;
  };
  const value = given && rowsOf(given, 0);
  if (value?.kind === 'array') return [asTensor(value, call)];
  const items =
    value?.kind === 'list'
      ? value.items
      : value?.kind === 'dict'
        ? order.map((name) => (name === null ? unknown : (value.entries.get(name) ?? unknown)))
        : [];
  const arrays = items.map(rowsOf).flatMap((item) => (item.kind === 'array' ? [asTensor(item, call)] : []));
  return items.length > 0 && arrays.length === items.length ? arrays : null;
};

/** Rows of unknown axes are pictures or sequences where the model says so. */
const ofShape = (rows: DataArray, shape: readonly (Size | null)[] | null | undefined): DataArray =>
  rows.shape === null && shape && shape.length > 1 ? { ...rows, shape: [null, ...shape] } : rows;

/** Shapes of one row that the model says its inputs have. */
const declaredShapes = (model: KerasModel): readonly (readonly (Size | null)[] | null)[] => {
  if (model.inputs.length > 0) return model.inputs.map(({ shape }) => shape);
  if (model.entrance) return [model.entrance.shape];
  // The first part may be a whole model.
  const [first] = model.parts;
  if (first?.kind === 'kerasModel') return declaredShapes(first);
  return [layersOf(model)[0]?.inputShape ?? null];
};

/** The rows that a call is given: arrays, lists of them, or a data set in batches. */
export function givenRows(model: KerasModel, given: Value | null, targets: Value | null, call: Call): Given | null {
  const x = given && orUnread(given, call);
  const y = targets && orUnread(targets, call);
  if (x?.kind === 'loader') {
    const { components } = x.dataset;
    const inputs = Math.max(1, model.inputs.length);
    const named = components[0] ? columnsByName(model, components[0], call) : null;
    if (named) return { rows: { x: named, y: components.slice(1).map((one) => asTensor(one, call)) }, loader: x };
    if (components.length <= inputs && !needsNoTargets(model)) return null;
    const shapes = declaredShapes(model);
    const arrays = components.map((component, i) => ofShape(asTensor(component, call), i < inputs ? shapes[i] : null));
    return { rows: { x: arrays.slice(0, inputs), y: arrays.slice(inputs) }, loader: x };
  }
  const named = x?.kind === 'array' ? columnsByName(model, x, call) : null;
  const inputs =
    named ??
    arraysIn(
      x,
      model.inputs.map((tensor) => tensor.label),
      call,
      declaredShapes(model),
    );
  const compared = arraysIn(
    y,
    model.outputs.map((tensor) => labelOf(tensor)),
    call,
  );
  if (x && isOutside(x) && (y === null || y.kind === 'none') && !needsNoTargets(model)) {
    const batchSize = x.outside.batching?.batchSize ?? null;
    if (!call.keywords.has('batch_size')) assumeBatches(x, batchSize, call);
    const given = givenRows(model, partOfOutside(x), partOfOutside(x), call);
    return given && { ...given, batchSize };
  }
  if (inputs && (y === null || y.kind === 'none') && needsNoTargets(model)) return { rows: { x: inputs, y: [] }, loader: null };
  return inputs && compared ? { rows: { x: inputs, y: compared }, loader: null } : null;
}

/** The columns of a table that the inputs of a model name, where it has several; null for others. */
function columnsByName(model: KerasModel, rows: DataArray, call: Call): DataArray[] | null {
  if (rows.flavour !== 'frame' || model.inputs.length < 2) return null;
  const names = model.inputs.flatMap(({ label }) => label ?? []);
  if (names.length < model.inputs.length) return null;
  return names.map((name) => {
    const column = dataStep(
      call.machine,
      'select',
      { columns: { kind: 'keys', keys: [name] }, single: true },
      [rows],
      call.range,
      {
        flavour: 'series',
        shape: [rows.shape?.[0] ?? null],
        columns: null,
      },
    );
    return asTensor(column, call);
  });
}

const assumeBatches = (x: OutsideValue, size: Sourced<number> | null, call: Call): void =>
  call.machine.assume(
    size
      ? 'Rows that are not read are taken to be mixed'
      : 'Batches of 32 mixed rows are taken where the script does not say how they are made',
    x.reason.range,
  );

/** What `fit` is given is rows, whatever keeps it from being read: the model over them is read all the same. */
function orUnread(given: Value, call: Call): Value {
  const value = orImported(given, call.range);
  if (value.kind === 'array' && value.fault) return fromOutside(value.fault);
  if (value.kind === 'list' || value.kind === 'dict') return withItems(value, (item) => orUnread(item, call));
  if (value.kind !== 'unknown' || isOutside(value)) return value;
  return fromOutside(value.reason ?? { text: 'The data of this call could not be read', range: call.range });
}

const withItems = (value: Value & { readonly kind: 'list' | 'dict' }, change: (item: Value) => Value): Value =>
  value.kind === 'list'
    ? { ...value, items: value.items.map(change) }
    : { ...value, entries: new Map([...value.entries].map(([key, item]) => [key, change(item)] as const)) };

/** Models that make their loss themselves. */
const needsNoTargets = (model: KerasModel): boolean =>
  ownStep(model) !== null || model.compiled?.loss === null || model.compiled?.loss?.value.kind === 'none';

/** The name that the script gave the layer behind an output. */
export const labelOf = (tensor: KerasModel['outputs'][number]): string | null =>
  tensor.part?.kind === 'kerasLayer' ? tensor.part.label : null;
