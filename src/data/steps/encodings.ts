import { ok } from '../../base/result';
import type { Execute } from '../context';
import type { DataSteps } from '../../records/dataSteps';
import { fault, listNames, type Outcome } from '../fault';
import { chooseColumns } from '../files/columnChoice';
import { arrayInput, rowsInput } from '../inputs';
import {
  arrayOf,
  asTable,
  asIntegers,
  columnNumbers,
  fileName,
  largest,
  lineageOf,
  nameOf,
  type Column,
  type NumberColumn,
  type TableValue,
} from '../values';

/** pandas.get_dummies: columns that stay, then one 0/1 column per category, sorted. */
export const executeDummies: Execute<'dummies'> = (settings, inputs, context) => {
  const { columns, prefixes } = settings;
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const table = asTable(value.value);
  const labels = table.columns.map((column) => column.label);
  const chosen = columns ? chooseColumns({ kind: 'keys', keys: columns }, labels, 'The data') : ok(textColumns(table));
  if (!chosen.ok) return chosen;
  const stay = table.columns.filter((_, at) => !chosen.value.includes(at));
  const width = chosen.value.reduce((sum, at) => sum + categoriesOf(table.columns[at] as Column).length, 0);
  if (width * table.length * 8 > context.maximumBytes) {
    return fault(
      `get_dummies would make ${width} columns of ${table.length} rows, more than the bound on memory; leave out columns with many different values.`,
    );
  }
  if (prefixes && prefixes.length !== chosen.value.length)
    return fault(`get_dummies is given ${prefixes.length} prefixes for ${chosen.value.length} columns.`);
  const added = chosen.value.flatMap((at, i) => {
    const column = table.columns[at] as Column;
    const prefix = prefixes?.[i] ?? (table.single ? null : String(column.label));
    return dummiesOf(column, prefix, settings);
  });
  return ok({ ...table, columns: [...stay, ...added], single: false });
};

/** LabelEncoder or factorize: class numbers. With two inputs the classes are those of the first. */
export const executeEncodeLabels: Execute<'encodeLabels'> = ({ order }, inputs) => {
  const value = rowsInput(inputs, inputs.length > 1 ? 1 : 0);
  const fitted = rowsInput(inputs, 0);
  if (!value.ok) return value;
  if (!fitted.ok) return fitted;
  const columns = asTable(value.value).columns;
  const known = asTable(fitted.value).columns;
  const encoded: Column[] = [];
  for (const [at, column] of columns.entries()) {
    const codes = encode(column, known[at] ?? column, order, value.value.rows);
    if (!codes.ok) return codes;
    encoded.push({ label: column.label, origin: column.origin, type: 'integer', values: codes.value });
  }
  if (encoded.length > 1) return ok({ ...asTable(value.value), columns: encoded, single: false });
  const codes = (encoded[0] as NumberColumn).values;
  return ok(arrayOf([codes.length], asIntegers(codes), lineageOf(value.value)));
};

/** Series.map with a dictionary: what it does not name becomes NaN. With `keep`, Series.replace: the rest stays. */
export const executeMapValues: Execute<'mapValues'> = ({ from, to, keep }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const results = new Map(from.map((key, at) => [key, to[at] ?? NaN]));
  const columns = asTable(value.value).columns.map(({ label, origin, ...column }): Column => {
    const cells = Array.from(cellsOf({ label, origin, ...column }), (cell) =>
      cell === null ? null : present(results.get(cell) ?? (keep ? cell : null)),
    );
    // What is left of text keeps all of it text, as numbers among words are in pandas.
    if (cells.some((cell) => typeof cell === 'string'))
      return { label, origin, type: 'text', values: cells.map((cell) => (cell === null ? null : String(cell))) };
    const values = Float64Array.from(cells, (cell) => (cell === null ? NaN : Number(cell)));
    return { label, origin, type: values.every(Number.isInteger) ? 'integer' : 'float', values };
  });
  return ok({ ...asTable(value.value), columns });
};

const present = (cell: string | number | null): string | number | null => (Number.isNaN(cell) ? null : cell);

/** How often each value comes. */
export const executeCountValues: Execute<'countValues'> = ({ order }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const counts = new Map<string | number, number>();
  for (const column of asTable(value.value).columns)
    for (const cell of cellsOf(column)) if (cell !== null) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  const entries = [...counts];
  if (order === 'sorted') entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  if (order === 'frequency') entries.sort(([, a], [, b]) => b - a);
  return ok(
    arrayOf(
      [entries.length],
      Int32Array.from(entries, ([, count]) => count),
    ),
  );
};

/** pandas.to_numeric. */
export const executeToNumbers: Execute<'toNumbers'> = ({ coerce }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok || value.value.kind === 'array') return value;
  const columns: Column[] = [];
  for (const column of value.value.columns) {
    const texts = coerce && column.type === 'text' ? { ...column, values: column.values.map(numberOrNothing) } : column;
    const numbers = columnNumbers(texts, value.value.rows);
    if (!numbers.ok) return numbers;
    const type = numbers.value.every(Number.isInteger) ? 'integer' : 'float';
    columns.push(column.type === 'text' ? { label: column.label, origin: column.origin, type, values: numbers.value } : column);
  }
  return ok({ ...value.value, columns });
};

const numberOrNothing = (text: string | null): string | null =>
  text !== null && text.trim() !== '' && !Number.isNaN(Number(text)) ? text : null;

/** column == value: true (1) or false (0). */
export const executeEquals: Execute<'equals'> = ({ value: wanted }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  if (value.value.kind === 'array') {
    const { shape, values } = value.value.tensor;
    return ok(
      arrayOf(
        shape,
        Int32Array.from(values, (entry) => Number(entry === wanted)),
        { ...lineageOf(value.value), boolean: true },
      ),
    );
  }
  const columns = value.value.columns.map((column): Column => {
    const values = Float64Array.from(cellsOf(column), (cell) => Number(cell === wanted));
    return { label: column.label, origin: column.origin, type: 'boolean', values };
  });
  return ok({ ...asTable(value.value), columns });
};

/** Class numbers to rows of zeros with a one. */
export const executeOneHot: Execute<'oneHot'> = ({ classes }, inputs, context) => {
  const value = arrayInput(inputs, 0);
  if (!value.ok) return value;
  const { shape, values } = value.value.tensor;
  const asked = classes === null ? ok(Math.max(0, largest(values) + 1)) : context.size(classes);
  if (!asked.ok) return asked;
  const width = asked.value;
  if (values.length * width * 4 > context.maximumBytes)
    return fault(`one_hot would make ${width} columns of ${values.length} rows, more than the bound on memory.`);
  const out = new Int32Array(values.length * width);
  for (let i = 0; i < values.length; i++) {
    const entry = values[i] as number;
    if (!Number.isInteger(entry) || entry < 0 || entry >= width)
      return fault(`one_hot with ${width} classes met the class number ${entry}; class numbers go from 0 to ${width - 1}.`);
    out[i * width + entry] = 1;
  }
  return ok(arrayOf([...shape, width], out, lineageOf(value.value)));
};

const textColumns = (table: TableValue): number[] =>
  [...table.columns.keys()].filter(
    (at) => table.single || table.columns[at]?.type === 'text' || table.columns[at]?.categories !== undefined,
  );

function dummiesOf(column: Column, prefix: string | null, settings: DataSteps['dummies']): NumberColumn[] {
  const categories: (string | number | null)[] = [...categoriesOf(column)];
  if (settings.missing) categories.push(null);
  const cells = [...cellsOf(column)];
  return categories.slice(settings.dropFirst ? 1 : 0).map((category) => {
    const name = category === null ? 'nan' : showCategory(category, column);
    return {
      label: prefix === null ? (category ?? name) : `${prefix}${settings.separator ?? '_'}${name}`,
      origin: column.origin,
      type: 'integer',
      values: Float64Array.from(cells, (cell) => Number(cell === category)),
    };
  });
}

/** Floats are written as Python does, with a point. */
const showCategory = (category: string | number, column: Column): string =>
  column.type === 'float' && Number.isInteger(category) ? `${category}.0` : String(category);

function encode(
  column: Column,
  fitted: Column,
  order: DataSteps['encodeLabels']['order'],
  rows: Int32Array | null,
): Outcome<Float64Array> {
  const classes = order === 'categories' ? categoriesOf(fitted) : distinct(fitted, order);
  const codes = new Map(classes.map((name, code) => [name, code]));
  const cells = [...cellsOf(column)];
  const out = new Float64Array(cells.length);
  for (const [at, cell] of cells.entries()) {
    // Missing labels: a class of their own at the end in LabelEncoder, -1 in factorize and in categories.
    const code = cell === null ? (order === 'sorted' ? classes.length : -1) : codes.get(cell);
    if (code === undefined) return unseen(column, cell, classes, rows, at);
    out[at] = code;
  }
  return ok(out);
}

function unseen(
  column: Column,
  cell: string | number | null,
  classes: readonly (string | number)[],
  rows: Int32Array | null,
  at: number,
): Outcome<never> {
  const row = column.origin && rows ? column.origin.lineOf(rows[at] as number) : at + 1;
  const where = column.origin ? `${fileName(column.origin.path)} row ${row}, column '${nameOf(column.label)}'` : `Row ${row}`;
  const file = column.origin ? { file: { path: column.origin.path, row, column: nameOf(column.label) } } : {};
  return fault(`${where}: '${cell}' was not among the labels the encoder was fitted on (${listNames(classes)}).`, file);
}

const categoriesOf = (column: Column): readonly (string | number)[] => column.categories ?? distinct(column, 'sorted');

function distinct(column: Column, order: 'sorted' | 'appearance'): (string | number)[] {
  const names = [...new Set(cellsOf(column))].filter((name) => name !== null);
  return order === 'sorted' ? names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) : names;
}

/** The cells of a column; null where missing. */
function* cellsOf(column: Column): Generator<string | number | null> {
  if (column.type === 'text') yield* column.values;
  else for (const value of column.values) yield Number.isNaN(value) ? null : value;
}
