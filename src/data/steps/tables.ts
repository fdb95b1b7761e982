import { ok } from '../../base/result';
import type { DataSteps } from '../../records/dataSteps';
import type { Execute } from '../context';
import { fault, type Outcome } from '../fault';
import { chooseColumns } from '../files/columnChoice';
import { rowsInput } from '../inputs';
import { interpolated } from './series';
import { rowCount, takeRows } from '../rows';
import {
  arrayOf,
  asTable,
  labelsOf,
  columnNumbers,
  lineageOf,
  showShape,
  shapeOf,
  toArray,
  toTable,
  type Column,
  type RowsValue,
  type TableValue,
} from '../values';
import { chooseAlong, replacedAt } from './along';
import { middle } from './statistic';

/** df[columns]: a table, or one column where `single`. */
export const executeSelect: Execute<'select'> = ({ columns, single, orMissing }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const lacking =
    orMissing && columns.kind === 'keys' ? columns.keys.find((key) => !labelsOf(value.value).includes(key)) : undefined;
  if (lacking !== undefined) return ok(missingColumn(lacking, value.value));
  const chosen = chooseColumns(columns, labelsOf(value.value), 'The data');
  if (!chosen.ok) return chosen;
  return ok(takeColumns(value.value, chosen.value, single && chosen.value.length === 1));
};

const missingColumn = (label: string | number, rows: RowsValue): RowsValue =>
  toTable({ ...arrayOf([rowCount(rows)], new Float64Array(rowCount(rows)).fill(NaN)), ...lineageOf(rows) }, [label], true);

/** df.drop(columns=...). */
export const executeDrop: Execute<'drop'> = ({ columns, byPosition }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const labels = labelsOf(value.value);
  const dropped = byPosition
    ? positionsAmong(labels.length, columns)
    : chooseColumns({ kind: 'keys', keys: columns }, labels, 'The data');
  if (!dropped.ok) return dropped;
  const left = labels.map((_, at) => at).filter((at) => !dropped.value.includes(at));
  return ok(takeColumns(value.value, left, false));
};

/** The numbers of columns among `count`, negative ones from the end. */
function positionsAmong(count: number, columns: readonly (string | number)[]): Outcome<number[]> {
  const places = columns.map((at) => (Number(at) < 0 ? Number(at) + count : Number(at)));
  const beyond = places.findIndex((at) => !(at >= 0 && at < count));
  return beyond < 0 ? ok(places) : fault(`There is no column ${columns[beyond]} among ${count}; columns are counted from 0.`);
}

/** df.dropna(): only rows without a missing value, in some columns or in all. */
export const executeDropMissing: Execute<'dropMissing'> = ({ columns }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const chosen = columns ? chooseColumns({ kind: 'keys', keys: columns }, labelsOf(value.value), 'The data') : ok(null);
  if (!chosen.ok) return chosen;
  const seen = chosen.value ? takeColumns(value.value, chosen.value, false) : value.value;
  const whole = Int32Array.from({ length: rowCount(value.value) }, (_, row) => row).filter((row) => !missingIn(seen, row));
  if (whole.length === 0)
    return fault(
      'Every row has a missing value: after dropping them nothing is left. Fill the missing values, or drop the columns that are empty.',
    );
  return ok(takeRows(value.value, whole));
};

/** fillna with a number, or with a statistic of each column. */
export const executeFillMissing: Execute<'fillMissing'> = ({ value: fill, statistic }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const fitted = inputs.length > 1 ? rowsInput(inputs, 1) : value;
  if (!fitted.ok) return fitted;
  const from = asTable(fitted.value).columns;
  if (value.value.kind === 'table' || inputs.length > 1) {
    const table = asTable(value.value);
    return ok({ ...table, columns: table.columns.map((column, i) => fillColumn(column, fill, statistic, from[i] ?? column)) });
  }
  const { tensor } = value.value;
  const width = tensor.shape.length > 1 ? (tensor.shape.at(-1) as number) : 1;
  const table = toTable(
    { ...value.value, tensor: { ...tensor, shape: [tensor.values.length / width, width] } },
    [...Array(width).keys()],
    false,
  );
  const filled = toArray({ ...table, columns: table.columns.map((column) => fillColumn(column, fill, statistic)) });
  return filled.ok ? ok({ ...value.value, tensor: { ...tensor, values: filled.value.tensor.values } }) : filled;
};

/** df[column] = series: replaces a column or adds it at the end. */
export const executeAssign: Execute<'assign'> = ({ column: label, text }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const table = asTable(value.value);
  const given = text === undefined ? rowsInput(inputs, 1) : value;
  if (!given.ok) return given;
  const column =
    text === undefined ? assignedColumn(label, given.value, table) : ok<Column>(textColumn(label, text, table.length));
  if (!column.ok) return column;
  const at = table.columns.findIndex((other) => other.label === label);
  return ok({ ...table, columns: at < 0 ? [...table.columns, column.value] : replacedAt(table.columns, at, column.value) });
};

/** A table's values as an array. One that holds words stays a table until they are used as numbers. */
export const executeToTensor: Execute<'toTensor'> = (_settings, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok || value.value.kind === 'array') return value;
  const holdsText = value.value.columns.some((column) => column.type === 'text' && !columnNumbers(column, null).ok);
  return holdsText ? value : toArray(value.value);
};

/** df.sample(frac=...): rows in random order, or a part of them. */
export const executeShuffleRows: Execute<'shuffleRows'> = ({ seed, fraction, count }, inputs, context) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const order = context.numpySelection(seed).permutation(rowCount(value.value));
  const asked = count === undefined ? ok(Math.round(fraction * order.length)) : context.size(count);
  if (!asked.ok) return asked;
  if (asked.value > order.length) return fault(`${asked.value} of ${order.length} rows are to be drawn without replacement.`);
  return ok(takeRows(value.value, order.slice(0, asked.value)));
};

const textColumn = (label: string | number, text: string, length: number): Column => ({
  label,
  origin: null,
  type: 'text',
  values: new Array<string>(length).fill(text),
});

function takeColumns(value: RowsValue, chosen: readonly number[], single: boolean): RowsValue {
  if (value.kind === 'table') return { ...value, columns: chosen.map((at) => value.columns[at] as Column), single };
  const taken = chooseAlong(value, 1, chosen);
  return single ? { ...taken, names: null, tensor: { ...taken.tensor, shape: [rowCount(value)] } } : taken;
}

function missingIn(value: RowsValue, row: number): boolean {
  if (value.kind === 'table') {
    return value.columns.some((column) =>
      column.type === 'text' ? column.values[row] === null : Number.isNaN(column.values[row]),
    );
  }
  const width = value.tensor.values.length / rowCount(value);
  return value.tensor.values.subarray(row * width, (row + 1) * width).some(Number.isNaN);
}

type Filling = DataSteps['fillMissing']['statistic'];

function fillColumn(column: Column, fill: number | string | null, statistic: Filling, from = column): Column {
  if (statistic === 'forward' || statistic === 'backward') return carried(column, statistic === 'forward');
  if (column.type === 'text') {
    const replacement =
      fill !== null
        ? String(fill)
        : statistic === 'mode' && from.type === 'text'
          ? mostFrequent(from.values.filter((text) => text !== null))
          : null;
    return replacement === null ? column : { ...column, values: column.values.map((text) => text ?? replacement) };
  }
  if (!column.values.some(Number.isNaN)) return column;
  if (statistic === 'linear') return { ...column, values: interpolated(column.values) };
  const present = from.type === 'text' ? new Float64Array() : from.values.filter((value) => !Number.isNaN(value));
  if (typeof fill === 'string')
    return {
      ...column,
      type: 'text',
      values: [...column.values].map((value) => (Number.isNaN(value) ? fill : String(value))),
    };
  const replacement = fill ?? columnStatistic(present, statistic);
  return { ...column, values: column.values.map((value) => (Number.isNaN(value) ? replacement : value)) };
}

/** Missing values as those of the row before, or of the one behind; what nothing comes before stays missing. */
function carried(column: Column, forward: boolean): Column {
  const fill = <T>(values: readonly T[], isMissing: (value: T) => boolean): T[] => {
    const ordered = forward ? [...values] : [...values].reverse();
    for (let i = 1; i < ordered.length; i++) if (isMissing(ordered[i] as T)) ordered[i] = ordered[i - 1] as T;
    return forward ? ordered : ordered.reverse();
  };
  if (column.type === 'text') return { ...column, values: fill(column.values, (text) => text === null) };
  return { ...column, values: Float64Array.from(fill([...column.values], Number.isNaN)) };
}

function columnStatistic(present: Float64Array, statistic: Filling): number {
  if (present.length === 0) return NaN;
  if (statistic === 'median') return middle(present.sort());
  if (statistic === 'mode') return mostFrequent([...present]) ?? NaN;
  return present.reduce((sum, value) => sum + value, 0) / present.length;
}

/** The most frequent value; the smallest among equals. Null when there is none. */
function mostFrequent<T extends string | number>(values: readonly T[]): T | null {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: T | null = null;
  for (const [value, count] of counts) {
    const most = best === null ? 0 : (counts.get(best) ?? 0);
    if (count > most || (count === most && best !== null && value < best)) best = value;
  }
  return best;
}

export function assignedColumn(label: string | number, given: RowsValue, table: TableValue): Outcome<Column> {
  if (given.kind === 'table' && given.columns.length === 1 && given.length === table.length)
    return ok({ ...(given.columns[0] as Column), label });
  const array = toArray(given);
  if (!array.ok) return array;
  const { values } = array.value.tensor;
  if (values.length === 1) {
    const filled = arrayOf([table.length], new Float64Array(table.length).fill(values[0] as number));
    return ok(toTable({ ...filled, ...lineageOf(table) }, [label], true).columns[0] as Column);
  }
  if (values.length === table.length) return ok(toTable(array.value, [label], true).columns[0] as Column);
  return fault(`The column '${label}' is given ${showShape(shapeOf(given))} values; the table has ${table.length} rows.`);
}
