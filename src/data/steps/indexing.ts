import { ok } from '../../base/result';
import type { Execute } from '../context';
import { fault, type Outcome } from '../fault';
import { rangePositions } from '../files/columnChoice';
import { arrayInput, rowsInput } from '../inputs';
import { rowCount, takeRows } from '../rows';
import { showShape, shapeOf, sizeOf, type ArrayValue, type Column, type RowsValue } from '../values';
import { axisOf, chooseAlong, removedAt } from './along';

/** Basic slicing of one axis. Where a bound cut the source, positions among its rows move along. */
export const executeSlice: Execute<'slice'> = (settings, inputs, context) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const shape = shapeOf(value.value);
  const axis = axisOf(settings.axis, shape.length);
  if (axis === null) return fault(`An array of shape ${showShape(shape)} has no axis ${settings.axis}.`);
  const scale = axis === 0 && value.value.rows ? value.value.kept : 1;
  const ends: (number | null)[] = [];
  for (const size of [settings.start, settings.end]) {
    const bound = size === null ? null : context.size(size);
    if (bound && !bound.ok) return bound;
    // A size that a symbol decided counts kept rows already.
    ends.push(bound ? (typeof size === 'number' ? scaled(bound.value, scale) : Math.trunc(bound.value)) : null);
  }
  const chosen = rangePositions(shape[axis] as number, ends[0] ?? null, ends[1] ?? null, settings.step);
  return ok(chooseOn(value.value, axis, chosen));
};

/** One position of one axis; the axis goes away. */
export const executeIndex: Execute<'index'> = ({ axis, at }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const shape = shapeOf(value.value);
  const along = axisOf(axis, shape.length);
  const position = along === null ? null : axisOf(at, shape[along] as number);
  if (along === null || position === null)
    return fault(`An array of shape ${showShape(shape)} has no position ${at} on axis ${axis}.`);
  const taken = chooseOn(value.value, along, [position]);
  if (taken.kind === 'table') return along === 1 ? ok({ ...taken, single: true }) : rowOf(taken);
  const rows = along === 0 ? null : taken.rows;
  const names = along === shape.length - 1 ? null : taken.names;
  return ok({ ...taken, rows, names, tensor: { ...taken.tensor, shape: removedAt(taken.tensor.shape, along) } });
};

/** Rows by positions, or by a mask. */
export const executeTakeRows: Execute<'takeRows'> = (_settings, inputs) => {
  const value = rowsInput(inputs, 0);
  const chosen = arrayInput(inputs, 1);
  if (!value.ok) return value;
  if (!chosen.ok) return chosen;
  const { shape } = chosen.value.tensor;
  if (sizeOf(shape) !== (shape[0] ?? 1))
    return fault(`Rows are chosen by an array of one axis, not of shape ${showShape(shape)}.`);
  const order = chosen.value.boolean
    ? maskPositions(chosen.value, rowCount(value.value))
    : indexPositions(chosen.value, rowCount(value.value));
  return order.ok ? ok(takeRows(value.value, order.value)) : order;
};

/** Result `index` of a step that has several. */
export const executePart: Execute<'part'> = ({ index }, inputs) => {
  const value = inputs[0];
  if (value?.kind !== 'parts') return fault('This call has one result, not several.');
  const part = value.parts[index];
  return part ? ok(part) : fault(`This call has ${value.parts.length} results; there is no result ${index}.`);
};

/** A position among the kept rows; what was not the first row does not become it. */
const scaled = (at: number, scale: number): number =>
  Math.sign(at) * Math.max(Math.min(1, Math.abs(at)), Math.round(Math.abs(at) * scale));

function chooseOn(value: RowsValue, axis: number, chosen: readonly number[]): RowsValue {
  if (axis === 0) return takeRows(value, Int32Array.from(chosen));
  if (value.kind === 'table') return { ...value, columns: chosen.map((at) => value.columns[at] as Column) };
  return chooseAlong(value, axis, chosen);
}

/** One row of a table is no longer a table of rows; only its numbers can be used. */
function rowOf(table: RowsValue): Outcome<RowsValue> {
  const array = arrayInput([table], 0);
  if (!array.ok) return array;
  const { shape, values } = array.value.tensor;
  return ok({ ...array.value, rows: null, tensor: { shape: shape.slice(1), values } });
}

function maskPositions(mask: ArrayValue, length: number): Outcome<Int32Array> {
  const { shape, values } = mask.tensor;
  if (values.length !== length) return fault(`The mask has shape ${showShape(shape)} and the data ${length} rows.`);
  return ok(Int32Array.from([...values.keys()].filter((at) => values[at] !== 0)));
}

function indexPositions(indices: ArrayValue, length: number): Outcome<Int32Array> {
  const order = new Int32Array(indices.tensor.values.length);
  for (const [at, index] of indices.tensor.values.entries()) {
    const position = axisOf(index, length);
    if (position === null || !Number.isInteger(index)) return fault(`The index ${index} is outside the ${length} rows.`);
    order[at] = position;
  }
  return ok(order);
}
