import { ok } from '../../base/result';
import { fault, type Outcome } from '../fault';
import { arrayInput } from '../inputs';
import { asTable, lineageOf, type Column, type RowsValue, type TableValue, type Value } from '../values';

type Cell = string | number | null;

/** Whether words are among the columns of a value. */
export const holdsWords = (value: Value): boolean =>
  value.kind === 'table' && value.columns.some((column) => column.type === 'text');

/** The one or the other of two values where one of them has words, cell by cell: `series.where`, and a table where a mask holds. */
export function chosenCells(condition: Value, yes: Value, no: Value): Outcome<RowsValue> {
  const marks = arrayInput([condition], 0);
  if (!marks.ok) return marks;
  const table = [yes, no].find(holdsWords);
  if (table?.kind !== 'table') return fault('A column of words is needed here.');
  const { shape, values } = marks.value.tensor;
  const width = shape.length > 1 ? (shape[1] ?? 1) : 1;
  if (shape[0] !== table.length || (width !== 1 && width !== table.columns.length))
    return fault('The condition and the columns of words do not fit together.');
  const [a, b] = [cellsOf(yes, table), cellsOf(no, table)];
  if (!a.ok) return a;
  if (!b.ok) return b;
  const columns: Column[] = [];
  for (const [j, { label, origin }] of table.columns.entries()) {
    const cells = Array.from({ length: table.length }, (_, i) => (values[i * width + (j % width)] === 0 ? b : a).value(i, j));
    const words = cells.some((cell) => typeof cell === 'string');
    if (words && cells.some((cell) => typeof cell === 'number'))
      return fault('Numbers and words would be in one column: this is not read.');
    const texts = cells.map((cell) => (typeof cell === 'string' ? cell : null));
    const numbers = Float64Array.from(cells, (cell) => (typeof cell === 'number' ? cell : NaN));
    columns.push(
      words
        ? { label, origin, type: 'text', values: texts }
        : { label, origin, type: numbers.every(Number.isInteger) ? 'integer' : 'float', values: numbers },
    );
  }
  return ok({ ...lineageOf(table), kind: 'table', columns, length: table.length, single: table.single });
}

/** The cell of a value at a row and a column; one number stands for all of them. */
function cellsOf(value: Value, like: TableValue): Outcome<(i: number, j: number) => Cell> {
  if (value.kind !== 'array' && value.kind !== 'table') return fault('An array or a table is needed here.');
  if (value.kind === 'array' && value.tensor.values.length === 1) {
    const number = value.tensor.values[0] as number;
    return ok(() => (Number.isNaN(number) ? null : number));
  }
  const { columns, length } = asTable(value);
  if (length !== like.length || columns.length !== like.columns.length)
    return fault('The columns of the two values do not fit together.');
  return ok((i, j) => {
    const cell = columns[j]?.values[i] ?? null;
    return typeof cell === 'number' && Number.isNaN(cell) ? null : cell;
  });
}
