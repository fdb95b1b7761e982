import { comparisons } from '../../base/elementary';
import { ok } from '../../base/result';
import type { DataSteps } from '../../records/dataSteps';
import type { Execute } from '../context';
import { fault, type Outcome } from '../fault';
import { rowsInput } from '../inputs';
import { asTable, columnNumbers, nameOf, type Column, type NumberColumn, type RowsValue, type TableValue } from '../values';

/** Series.shift: rows moved down (or up, where negative); what nothing moves to is missing. */
export const executeShiftRows: Execute<'shiftRows'> = ({ by }, inputs) =>
  ofNumbers(rowsInput(inputs, 0), (values) =>
    by === 0 ? values : values.map((_, row) => (row - by >= 0 && row - by < values.length ? (values[row - by] as number) : NaN)),
  );

/** Series.rolling(window): statistics of a row and those before it; missing until there are enough. */
export const executeRolling: Execute<'rolling'> = ({ window, function: name, least }, inputs) =>
  ofNumbers(rowsInput(inputs, 0), (values) => rolled(values, { window, function: name, least }));

/** Statistics of windows of the numbers, each of a row and those before it. */
export const rolled = (values: Float64Array, { window, function: name, least }: DataSteps['rolling']): Float64Array =>
  values.map((_, row) => {
    const seen = values.subarray(Math.max(0, row - window + 1), row + 1).filter((value) => !Number.isNaN(value));
    return seen.length < least ? NaN : statisticOf(seen, name);
  });

function statisticOf(values: Float64Array, name: DataSteps['rolling']['function']): number {
  const sum = values.reduce((all, value) => all + value, 0);
  const mean = sum / values.length;
  switch (name) {
    case 'sum':
      return sum;
    case 'mean':
      return mean;
    case 'min':
      return values.reduce((least, value) => Math.min(least, value), Infinity);
    case 'max':
      return values.reduce((most, value) => Math.max(most, value), -Infinity);
    case 'std':
      return values.length < 2
        ? NaN
        : Math.sqrt(values.reduce((all, value) => all + (value - mean) ** 2, 0) / (values.length - 1));
  }
}

/** A part of dates and times: a column of texts as pandas reads them. */
export const executeDatePart: Execute<'datePart'> = ({ part }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const table = asTable(value.value);
  const columns: Column[] = [];
  for (const column of table.columns) {
    if (column.type !== 'text') return fault(`${nameOf(column.label)} holds numbers, not dates written as text.`);
    const dates = column.values.map((text) => (text === null ? null : dateOf(text, false)));
    const lost = dates.indexOf(undefined);
    if (lost >= 0) return fault(`'${column.values[lost] ?? ''}' in ${nameOf(column.label)} is not read as a date.`);
    const values = Float64Array.from(dates, (date) => (date ? partOfDate(date, part) : NaN));
    const type = values.some(Number.isNaN) ? 'float' : 'integer';
    columns.push({ label: column.label, origin: column.origin, type, values });
  }
  return ok({ ...table, columns });
};

/** pandas.to_datetime(dayfirst=True): the same dates, written with the year first. */
export const executeYearsFirst: Execute<'yearsFirst'> = (_settings, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const table = asTable(value.value);
  const columns: Column[] = [];
  for (const column of table.columns) {
    if (column.type !== 'text') return fault(`${nameOf(column.label)} holds numbers, not dates written as text.`);
    const dates = column.values.map((text) => (text === null ? null : dateOf(text, true)));
    const lost = dates.indexOf(undefined);
    if (lost >= 0) return fault(`'${column.values[lost] ?? ''}' in ${nameOf(column.label)} is not read as a date.`);
    const values = dates.map((date) => date?.toISOString().slice(0, 19).replace('T', ' ') ?? null);
    columns.push({ label: column.label, origin: column.origin, type: 'text', values });
  }
  return ok({ ...table, columns });
};

const padded = /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?$/;

/** column >= '2018-03-01' of dates: their texts are in the order of time where each is written in full with the year first. */
export const executeCompareDates: Execute<'compareDates'> = ({ function: name, day }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const table = asTable(value.value);
  const columns: Column[] = [];
  for (const column of table.columns) {
    if (column.type !== 'text') return fault(`${nameOf(column.label)} holds numbers, not dates written as text.`);
    const odd = column.values.find((text) => text !== null && !padded.test(text));
    if (odd !== undefined) return fault(`'${odd}' in ${nameOf(column.label)} is not read as a date.`);
    // A text and a date part at midnight: the one is behind the day, the other is the day.
    const isDay = (text: string): boolean => text.length > 10 && text.startsWith(day) && !/[1-9]/.test(text.slice(10));
    if ((name === '<=' || name === '>') && column.values.some((text) => text !== null && isDay(text)))
      return fault(`Whether ${nameOf(column.label)} holds dates or texts is not known, and midnight of ${day} is among them.`);
    const holds = (text: string | null): boolean =>
      text !== null && comparisons[name](text < day ? -1 : text > day ? 1 : 0, 0) === 1;
    const values = Float64Array.from(column.values, (text) => Number(holds(text)));
    columns.push({ label: column.label, origin: column.origin, type: 'boolean', values });
  }
  return ok({ ...table, columns });
};

const yearFirst = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|\+00:?00)?)?$/;
const compact = /^(\d{4})(\d{2})(\d{2})$/;
const yearLast = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

/** The moment that a text names; undefined where that is not sure. */
export function dateOf(text: string, dayFirst: boolean): Date | undefined {
  const first = yearFirst.exec(text.trim()) ?? compact.exec(text.trim());
  const last = first ? null : yearLast.exec(text.trim());
  const parts = (first ?? last)?.slice(1).map((part) => Number(part ?? 0));
  if (!parts) return undefined;
  const [a = 0, b = 0, c = 0, hour = 0, minute = 0, second = 0] = parts;
  const [year, month, day] = first ? [a, b, c] : dayFirst ? [c, b, a] : [c, a, b];
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : undefined;
}

const dayLength = 86_400_000;

function partOfDate(date: Date, part: DataSteps['datePart']['part']): number {
  switch (part) {
    case 'year':
      return date.getUTCFullYear();
    case 'month':
      return date.getUTCMonth() + 1;
    case 'day':
      return date.getUTCDate();
    case 'hour':
      return date.getUTCHours();
    case 'minute':
      return date.getUTCMinutes();
    case 'second':
      return date.getUTCSeconds();
    case 'dayofweek':
      return (date.getUTCDay() + 6) % 7;
    case 'dayofyear':
      return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayLength) + 1;
    case 'week':
      return weekOf(date);
    case 'time':
      return date.getTime() / 1000;
    case 'quarter':
      return Math.floor(date.getUTCMonth() / 3) + 1;
  }
}

/** The week of ISO 8601: weeks begin on Monday, the first of a year holds its first Thursday. */
function weekOf(date: Date): number {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * dayLength);
  return Math.ceil(partOfDate(thursday, 'dayofyear') / 7);
}

/** Gaps filled on a straight line between their neighbours; behind the last value with that; before the first none. */
export function interpolated(values: Float64Array): Float64Array {
  const made = Float64Array.from(values);
  let before = -1;
  for (let row = 0; row < made.length; row++) {
    if (Number.isNaN(made[row])) continue;
    const [start, end] = [made[before] as number, made[row] as number];
    for (let gap = before + 1; before >= 0 && gap < row; gap++)
      made[gap] = start + ((end - start) * (gap - before)) / (row - before);
    before = row;
  }
  if (before >= 0) made.fill(made[before] as number, before + 1);
  return made;
}

/** Every column with other numbers. */
function ofNumbers(value: Outcome<RowsValue>, make: (values: Float64Array) => Float64Array): Outcome<TableValue> {
  if (!value.ok) return value;
  const table = asTable(value.value);
  const columns: NumberColumn[] = [];
  for (const column of table.columns) {
    const numbers = columnNumbers(column, table.rows);
    if (!numbers.ok) return numbers;
    columns.push({ label: column.label, origin: column.origin, type: 'float', values: make(numbers.value) });
  }
  return ok({ ...table, columns });
}
