import { ok } from '../../base/result';
import type { DataSteps } from '../../records/dataSteps';
import type { Execute } from '../context';
import { fault } from '../fault';
import { rowsInput } from '../inputs';
import { asTable, nameOf } from '../values';
import { dateOf } from './series';

type Rule = DataSteps['dateBins'];

/** A span of time: its number among all of them, and the moment that pandas calls it by. */
interface Span {
  readonly place: number;
  readonly label: number;
}

const day = 86_400_000;
const lengths = { minute: 60_000, hour: 3_600_000, day } as const;

/** The span that each date lies in. Spans without a row have statistics of their own in pandas: they are a fault. */
export const executeDateBins: Execute<'dateBins'> = (rule, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const table = asTable(value.value);
  const [column] = table.columns;
  if (column?.type !== 'text' || table.columns.length !== 1) return fault('These rows are not named by one column of dates.');
  const dates: number[] = [];
  for (const text of column.values) {
    const date = text === null ? undefined : dateOf(text, false);
    if (!date) return fault(`'${text ?? ''}' in ${nameOf(column.label)} is not read as a date.`);
    dates.push(date.getTime());
  }
  const first = dates.reduce((least, time) => Math.min(least, time), Infinity);
  const spans = dates.map((time) => spanOf(time, first, rule));
  const places = new Set(spans.map(({ place }) => place));
  const [low, high] = [Math.min(...places), Math.max(...places)];
  if (dates.length > 0 && high - low + 1 !== places.size)
    return fault('Some of these spans of time hold no rows: what becomes of them is not read.');
  const values = spans.map(({ label }) => new Date(label).toISOString().slice(0, 19).replace('T', ' '));
  return ok({ ...table, columns: [{ label: column.label, origin: column.origin, type: 'text', values }] });
};

/** Minutes, hours and days are counted from the first midnight; weeks end on Sunday. */
function spanOf(time: number, first: number, { unit, count }: Rule): Span {
  const date = new Date(time);
  const midnight = Math.floor(time / day) * day;
  if (unit === 'week') {
    const label = midnight + ((7 - date.getUTCDay()) % 7) * day;
    return { place: Math.round(label / (7 * day)), label };
  }
  if (unit === 'monthEnd' || unit === 'monthStart') {
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    return { place: year * 12 + month, label: unit === 'monthEnd' ? Date.UTC(year, month + 1, 0) : Date.UTC(year, month, 1) };
  }
  const [origin, length] = [Math.floor(first / day) * day, count * lengths[unit]];
  const place = Math.floor((time - origin) / length);
  return { place, label: origin + place * length };
}
