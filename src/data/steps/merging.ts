import { ok } from '../../base/result';
import type { ColumnKey } from '../../records/dataSources';
import type { Execute } from '../context';
import { fault, type Outcome } from '../fault';
import { chooseColumns } from '../files/columnChoice';
import { rowsInput } from '../inputs';
import { asTable, labelsOf, lineageOf, sourceLineage, type Column, type TableValue } from '../values';

type Cell = string | number | null;

/** Missing keys equal each other, as in pandas. */
const keyOf = (columns: readonly Column[], row: number): string =>
  JSON.stringify(columns.map(({ values }): Cell => values[row] ?? null));

function columnsOf(table: TableValue, keys: readonly ColumnKey[]): Outcome<Column[]> {
  const chosen = chooseColumns({ kind: 'keys', keys }, labelsOf(table), 'The data');
  return chosen.ok ? ok(chosen.value.map((at) => table.columns[at] as Column)) : chosen;
}

/** pandas.merge: each row of the first table with each of the second that has its keys; without one, missing or left out. */
export const executeMerge: Execute<'merge'> = ({ how, left, right, suffixes }, inputs, context) => {
  const [first, second] = [rowsInput(inputs, 0), rowsInput(inputs, 1)];
  if (!first.ok) return first;
  if (!second.ok) return second;
  const [one, two] = [asTable(first.value), asTable(second.value)];
  const [leftKeys, rightKeys] = [columnsOf(one, left), columnsOf(two, right)];
  if (!leftKeys.ok) return leftKeys;
  if (!rightKeys.ok) return rightKeys;
  if (two.kept < 1) return fault('The table that is merged here is too large to be held whole.');
  if (leftKeys.value.some((column, i) => (column.type === 'text') !== (rightKeys.value[i]?.type === 'text')))
    return fault('Tables are merged here by text in one and numbers in the other; make them one type first.');
  const places = new Map<string, number[]>();
  for (let row = 0; row < two.length; row++) {
    const key = keyOf(rightKeys.value, row);
    const rows = places.get(key);
    if (rows) rows.push(row);
    else places.set(key, [row]);
  }
  const pairs: [number, number][] = [];
  const seen: string[] = [];
  for (let row = 0; row < one.length; row++) {
    const key = keyOf(leftKeys.value, row);
    const matches = places.get(key);
    if (how === 'inner' && matches) seen.push(key);
    if (matches) for (const match of matches) pairs.push([row, match]);
    else if (how === 'left') pairs.push([row, -1]);
    if (pairs.length * 8 > context.maximumBytes) return fault('These tables make more rows together than the bound on memory.');
  }
  if (seen.some((key, i) => key !== seen[i - 1] && seen.indexOf(key) < i))
    context.assume('Rows of an inner merge are in the order of the first table, as pandas has them from version 2.2 on');
  const shared = left.filter((key, i) => key === right[i]);
  const taken = (column: Column, side: 0 | 1, label: string | number): Column => ({ ...picked(column, pairs, side), label });
  const clashes = new Set(
    labelsOf(one).filter((label) => !shared.includes(label) && labelsOf(two).some((other) => other === label)),
  );
  const named = (label: string | number, side: 0 | 1): string | number =>
    clashes.has(label) ? `${label}${suffixes[side]}` : label;
  const columns = [
    ...one.columns.map((column) => taken(column, 0, named(column.label, 0))),
    ...two.columns.filter(({ label }) => !shared.includes(label)).map((column) => taken(column, 1, named(column.label, 1))),
  ];
  const isSame = pairs.length === one.length && pairs.every(([row], i) => row === i);
  const lineage = isSame ? lineageOf(one) : { ...sourceLineage(pairs.length), kept: one.kept };
  return ok({ ...lineage, kind: 'table', columns, length: pairs.length, single: false });
};

/** The cells of one side of each pair; its lines are no longer those of the rows. */
function picked(column: Column, pairs: readonly (readonly [number, number])[], side: 0 | 1): Column {
  const origin = null;
  if (column.type === 'text')
    return { ...column, origin, values: pairs.map((pair) => (pair[side] < 0 ? null : (column.values[pair[side]] ?? null))) };
  const values = Float64Array.from(pairs, (pair) => (pair[side] < 0 ? NaN : (column.values[pair[side]] as number)));
  const type = column.type === 'integer' && values.some(Number.isNaN) ? 'float' : column.type;
  return { ...column, origin, type, values };
}

/** series.map(other series): by the values that name the other's rows. */
export const executeLookUp: Execute<'lookUp'> = (_settings, inputs) => {
  const tables = [0, 1, 2].map((at) => rowsInput(inputs, at));
  const columns: Column[] = [];
  for (const table of tables) {
    if (!table.ok) return table;
    const [column] = asTable(table.value).columns;
    if (!column) return fault('A column is needed here.');
    columns.push(column);
  }
  const [from, keys, to] = columns as [Column, Column, Column];
  const rowOf = new Map<Cell, number>();
  for (const [row, key] of keys.values.entries()) rowOf.set(key, row);
  const found = [...from.values].map((cell): [number, number] => [rowOf.get(cell) ?? -1, 0]);
  const table = asTable((tables[0] as { value: TableValue }).value);
  return ok({
    ...lineageOf(table),
    kind: 'table',
    columns: [{ ...picked(to, found, 0), label: from.label }],
    length: table.length,
    single: true,
  });
};
