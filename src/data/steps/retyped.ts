import { ok } from '../../base/result';
import type { Execute } from '../context';
import { fault } from '../fault';
import { rowsInput } from '../inputs';
import { asTable, type Column } from '../values';

/** series.astype(str): gaps become the word `nan`, as NumPy writes them. */
export const executeToText: Execute<'toText'> = (_settings, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const table = asTable(value.value);
  if (table.columns.some(({ intervals }) => intervals)) return fault('How pandas writes these intervals as text is not read.');
  const columns = table.columns.map(({ label, origin, ...column }): Column => {
    const values =
      column.type === 'text'
        ? column.values.map((text) => text ?? 'nan')
        : Array.from(column.values, (number) => written(number, column.type));
    return { label, origin, type: 'text', values };
  });
  return ok({ ...table, columns });
};

/** A number as Python's `str` writes it. */
function written(number: number, type: 'float' | 'integer' | 'boolean'): string {
  if (Number.isNaN(number)) return 'nan';
  if (type === 'boolean') return number === 0 ? 'False' : 'True';
  return type === 'integer' ? String(number) : floatText(number);
}

/** The shortest digits that name the float: with an exponent below 1e-4 and from 1e16 on, else with a point. */
function floatText(number: number): string {
  if (!Number.isFinite(number)) return number > 0 ? 'inf' : '-inf';
  const size = Math.abs(number);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits = '', exponent = ''] = number.toExponential().split('e');
    return `${digits}e${exponent.startsWith('-') ? '-' : '+'}${exponent.slice(1).padStart(2, '0')}`;
  }
  return Number.isInteger(number) ? `${Object.is(number, -0) ? '-0' : BigInt(number)}.0` : String(number);
}

/** series.astype('category'), and the intervals of pandas.cut by their labels. */
export const executeToCategories: Execute<'toCategories'> = ({ categories, intervals }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const table = asTable(value.value);
  return ok({
    ...table,
    columns: table.columns.map((column) => ({
      ...column,
      categories: categories ?? column.categories ?? sortedCells(column),
      ...(intervals ? { intervals } : {}),
    })),
  });
};

function sortedCells(column: Column): (string | number)[] {
  const cells: readonly (string | number | null)[] = column.type === 'text' ? column.values : [...column.values];
  const different = [...new Set(cells)].filter((cell): cell is string | number => cell !== null && !Number.isNaN(cell));
  return different.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** isinstance(entry, type) as Python has the entries of a column; missing values among texts are floats. */
export const executeHasType: Execute<'hasType'> = ({ type }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const table = asTable(value.value);
  const columns = table.columns.map(({ label, origin, ...column }): Column => {
    const values =
      column.type === 'text'
        ? Float64Array.from(column.values, (text) => Number(type === (text === null ? 'float' : 'text')))
        : new Float64Array(column.values.length).fill(Number(type === column.type));
    return { label, origin, type: 'boolean', values };
  });
  return ok({ ...table, columns });
};
