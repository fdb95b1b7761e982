import type { CancelToken } from '../../base/cancel';
import { ok } from '../../base/result';
import type { DataSteps } from '../../records/dataSteps';
import { plainCsv } from '../../records/plainCsv';
import { fault, type Outcome } from '../fault';
import { columnNumbers, fileName, type Column } from '../values';
import type { Parsed } from './access';
import { readCsv, type Bound, type TextFormat } from './csv';
import { parseNumber } from './numbers';

/** A block of numbers, row-major, that came from a file. */
export interface ParsedNumbers extends Parsed {
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array | Int32Array;
  /** Source rows (from 0) that were kept. */
  readonly rows: Int32Array;
  readonly notes: readonly string[];
}

/** Reads numbers from text as `numpy.loadtxt` (or, where missing values are allowed, `genfromtxt`) does. */
export async function readText(
  path: string,
  options: DataSteps['readText'],
  bound: Bound,
  cancel: CancelToken,
): Promise<Outcome<ParsedNumbers>> {
  const format: TextFormat = {
    ...plainCsv,
    delimiter: options.delimiter ?? ' ',
    whitespace: options.delimiter === null,
    header: null,
    missing: options.allowMissing ? ['', 'nan'] : ['nan', 'NaN', '-nan', 'NAN'],
    bareMissing: true,
    strict: true,
    columns: options.columns ? { kind: 'keys', keys: options.columns } : null,
    skipRows: options.skipRows,
    comment: options.comment || null,
  };
  const table = await readCsv(path, format, bound, cancel);
  if (!table.ok) return table;
  const { columns, rows, ofRows, kept, notes } = table.value;
  const width = columns.length;
  const values = new Float64Array(rows.length * width);
  for (const [j, column] of orderOf(columns, options.columns).entries()) {
    const numbers = options.allowMissing ? ok(lenient(column)) : strictNumbers(column, rows, path);
    if (!numbers.ok) return numbers;
    for (let i = 0; i < rows.length; i++) values[i * width + j] = numbers.value[i] as number;
  }
  const shape = [rows.length, width].filter((size) => size !== 1);
  return ok({ shape, values, rows, ofRows, kept, notes, bytes: values.byteLength });
}

/** NumPy gives the columns in the order asked for; the file's order is what was read. */
function orderOf(columns: readonly Column[], asked: readonly number[] | null): readonly Column[] {
  if (!asked || asked.some((at) => at < 0)) return columns;
  return asked.map((at) => columns.find((column) => column.label === at)).filter((column) => column !== undefined);
}

/** Like `genfromtxt`, which takes what is no number as missing. */
function lenient(column: Column): Float64Array {
  if (column.type !== 'text') return column.values;
  return Float64Array.from(column.values, (text) => (text === null ? NaN : (parseNumber(text) ?? NaN)));
}

function strictNumbers(column: Column, rows: Int32Array, path: string): Outcome<Float64Array> {
  const empty = column.type === 'text' ? column.values.findIndex((text) => text !== null && text.trim() === '') : -1;
  if (empty < 0) return columnNumbers(column, rows);
  const row = column.origin?.lineOf(rows[empty] as number) ?? empty + 1;
  const text = `${fileName(path)} row ${row}, column ${column.label}: the value is missing; loadtxt needs every value (genfromtxt reads it as NaN).`;
  return fault(text, { file: { path, row, column: String(column.label) } });
}
