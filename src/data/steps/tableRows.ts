import { ok } from '../../base/result';
import type { DataSteps } from '../../records/dataSteps';
import type { Execute } from '../context';
import { chooseColumns } from '../files/columnChoice';
import { rowsInput } from '../inputs';
import { takeRows } from '../rows';
import { arrayOf, asTable, labelsOf, lineageOf, type Column, type RowsValue } from '../values';
import { fault, type Outcome } from '../fault';

/** df.rename(columns={...}): names that are not there are let pass, as pandas does. */
export const executeRenameColumns: Execute<'renameColumns'> = ({ from, to }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const table = asTable(value.value);
  const keys = from ?? table.columns.map(({ label }) => label);
  if (from === null && keys.length !== to.length)
    return fault(`The table has ${keys.length} columns and is given ${to.length} names.`);
  const names = new Map(keys.map((key, i) => [key, to[i] ?? String(key)]));
  return ok({
    ...table,
    columns: table.columns.map((column) => ({ ...column, label: names.get(column.label) ?? column.label })),
  });
};

/** df.select_dtypes: columns of numbers, or those of text. */
export const executeSelectTypes: Execute<'selectTypes'> = ({ numeric }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const table = asTable(value.value);
  const isNumeric = (column: Column): boolean => column.type === 'float' || column.type === 'integer';
  return ok({ ...table, columns: table.columns.filter((column) => isNumeric(column) === numeric) });
};

/** df.drop_duplicates(): the first of equal rows. */
export const executeDropDuplicates: Execute<'dropDuplicates'> = ({ columns }, inputs) => {
  const chosen = keyColumns(inputs, columns);
  if (!chosen.ok) return chosen;
  const { value, keys } = chosen.value;
  const seen = new Set<string>();
  const first: number[] = [];
  for (let row = 0; row < asTable(value).length; row++) {
    const key = keys.map((column) => String(column.values[row])).join('\u0000');
    if (!seen.has(key)) first.push(row);
    seen.add(key);
  }
  return ok(takeRows(value, Int32Array.from(first)));
};

/** df.drop(other.index). */
export const executeWithoutRows: Execute<'withoutRows'> = (_settings, inputs) => {
  const value = rowsInput(inputs, 0);
  const others = rowsInput(inputs, 1);
  if (!value.ok) return value;
  if (!others.ok) return others;
  const { rows } = value.value;
  const left = others.value.rows;
  if (!rows || !left) return fault('The rows that are left out here can no longer be found among the others.');
  const gone = new Set(left);
  return ok(takeRows(value.value, Int32Array.from([...rows.keys()].filter((at) => !gone.has(rows[at] as number)))));
};

/** df.sort_values(by): missing values last whatever the direction. */
export const executeSortRows: Execute<'sortRows'> = ({ columns, ascending }, inputs) => {
  const chosen = keyColumns(inputs.slice(-1), columns);
  const sorted = rowsInput(inputs, 0);
  if (!chosen.ok) return chosen;
  if (!sorted.ok) return sorted;
  const { value } = sorted;
  const { keys } = chosen.value;
  const order = [...Array(asTable(value).length).keys()].sort((a, b) => {
    for (const [at, column] of keys.entries()) {
      const isUpwards = typeof ascending === 'boolean' ? ascending : (ascending[at] ?? true);
      const difference = compared(column.values[a] ?? null, column.values[b] ?? null, isUpwards);
      if (difference !== 0) return difference;
    }
    return a - b;
  });
  return ok(takeRows(value, Int32Array.from(order)));
};

type Cell = string | number | null;

const isMissing = (cell: Cell): boolean => cell === null || (typeof cell === 'number' && Number.isNaN(cell));

function compared(a: Cell, b: Cell, ascending: boolean): number {
  if (isMissing(a) || isMissing(b)) return Number(isMissing(a)) - Number(isMissing(b));
  const order = (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
  return ascending ? order : -order;
}

function keyColumns(
  inputs: Parameters<typeof rowsInput>[0],
  columns: readonly (string | number)[] | null,
): Outcome<{ readonly value: RowsValue; readonly keys: readonly Column[] }> {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const table = asTable(value.value);
  if (columns === null) return ok({ value: value.value, keys: table.columns });
  const chosen = chooseColumns({ kind: 'keys', keys: columns }, labelsOf(value.value), 'The data');
  return chosen.ok ? ok({ value: value.value, keys: chosen.value.map((at) => table.columns[at] as Column) }) : chosen;
}

const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();

const changesOf = (from: string, to: string): Readonly<Record<DataSteps['changeText']['change'], (text: string) => string>> => ({
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  capitalize: capitalized,
  // A word of Python ends at all that is no letter, also at an apostrophe.
  title: (text) => text.replace(/\p{L}+/gu, capitalized),
  strip: (text) => text.trim(),
  replace: (text) => text.split(from).join(to),
});

/** series.str.lower() and the like. */
export const executeChangeText: Execute<'changeText'> = ({ change, from = '', to = '' }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const changed = changesOf(from, to)[change];
  const table = asTable(value.value);
  const columns = table.columns.map((column): Column =>
    column.type === 'text'
      ? {
          label: column.label,
          origin: column.origin,
          type: 'text',
          values: column.values.map((text) => (text === null ? null : changed(text))),
        }
      : column,
  );
  return ok({ ...table, columns });
};

/** True (1) where a cell is one of some values. */
export const executeIsIn: Execute<'isIn'> = ({ values }, inputs) => {
  const wanted = new Set<Cell>(values);
  return marked(inputs, (cell) => wanted.has(cell));
};

/** True (1) where a cell is missing. */
export const executeIsMissing: Execute<'isMissing'> = (_settings, inputs) => marked(inputs, isMissing);

function marked(inputs: Parameters<typeof rowsInput>[0], test: (cell: Cell) => boolean): Outcome<RowsValue> {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  if (value.value.kind === 'array') {
    const { shape, values } = value.value.tensor;
    const marks = Int32Array.from(values, (cell) => Number(test(cell)));
    return ok(arrayOf(shape, marks, { ...lineageOf(value.value), boolean: true, names: value.value.names }));
  }
  const table = value.value;
  const columns = table.columns.map((column): Column => {
    const marks = Float64Array.from(column.values as ArrayLike<Cell>, (cell) => Number(test(cell)));
    return { label: column.label, origin: column.origin, type: 'boolean', values: marks };
  });
  return ok({ ...table, columns });
}
