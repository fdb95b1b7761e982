import { ok } from '../../base/result';
import type { DataSteps } from '../../records/dataSteps';
import type { Execute } from '../context';
import { fault, type Outcome } from '../fault';
import { arrayInput } from '../inputs';
import { arrayOf, lineageOf, showShape, type ArrayValue } from '../values';
import { quantile } from './statistic';

/** scikit-learn's scalers, fitted on rows; missing values are left out. */
export const executeFitScaler: Execute<'fitScaler'> = (settings, inputs) => {
  const rows = matrixInput(inputs[0] ? arrayInput(inputs, 0) : fault('A scaler needs rows to be fitted on.'));
  if (!rows.ok) return rows;
  const { shape, values } = rows.value.tensor;
  const [count, width] = shape as [number, number];
  const offset = new Float64Array(width);
  const scale = new Float64Array(width).fill(1);
  for (let j = 0; j < width; j++) {
    const column = new Float64Array(count);
    for (let i = 0; i < count; i++) column[i] = values[i * width + j] as number;
    const fitted = fitColumn(
      settings,
      column.filter((value) => !Number.isNaN(value)),
    );
    offset[j] = fitted.offset;
    scale[j] = fitted.scale;
  }
  return ok({
    kind: 'fit',
    fit: { scaler: settings.scaler, offset, scale, shift: settings.scaler === 'minMax' ? settings.low : 0 },
  });
};

/** Applies a fitted scaler (first input) to rows (second), or undoes it. */
export const executeApplyScaler: Execute<'applyScaler'> = ({ inverse }, inputs) => {
  const fitted = inputs[0];
  const rows = matrixInput(arrayInput(inputs, 1));
  if (!rows.ok) return rows;
  if (fitted?.kind !== 'fit') return fault('The scaler was not fitted before it is applied.');
  const { fit } = fitted;
  const { shape, values } = rows.value.tensor;
  const [count, width] = shape as [number, number];
  if (fit.scaler !== 'l2Rows' && width !== fit.offset.length)
    return fault(`The scaler was fitted on ${fit.offset.length} columns and is applied to ${width}.`);
  const out = values instanceof Float32Array ? new Float32Array(values.length) : new Float64Array(values.length);
  if (fit.scaler === 'l2Rows') unitRows(values, width, out);
  else if (fit.scaler.startsWith('impute'))
    for (let at = 0; at < count * width; at++) {
      const value = values[at] as number;
      out[at] = Number.isNaN(value) ? (fit.offset[at % width] as number) : value;
    }
  else {
    for (let at = 0; at < count * width; at++) {
      const [offset, scale] = [fit.offset[at % width] as number, fit.scale[at % width] as number];
      const value = values[at] as number;
      out[at] = inverse ? (value - fit.shift) * scale + offset : (value - offset) / scale + fit.shift;
    }
  }
  return ok(arrayOf(shape, out, { ...lineageOf(rows.value), names: rows.value.names }));
};

/** scikit-learn takes tables of rows and columns only. */
function matrixInput(value: Outcome<ArrayValue>): Outcome<ArrayValue> {
  if (!value.ok || value.value.tensor.shape.length === 2) return value;
  return fault(
    `A scaler needs rows and columns, not shape ${showShape(value.value.tensor.shape)}; reshape a single column with reshape(-1, 1).`,
  );
}

function fitColumn(settings: DataSteps['fitScaler'], column: Float64Array): { offset: number; scale: number } {
  switch (settings.scaler) {
    case 'standard':
      return fitStandard(settings, column);
    case 'minMax': {
      const [low, high] = range(column);
      return { offset: low, scale: nonZero(high - low) / (settings.high - settings.low) };
    }
    case 'robust': {
      const sorted = column.sort();
      const spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
      return { offset: settings.withMean ? quantile(sorted, 0.5) : 0, scale: settings.withStd ? nonZero(spread) : 1 };
    }
    case 'maxAbs': {
      const [low, high] = range(column);
      return { offset: 0, scale: nonZero(Math.max(-low, high)) };
    }
    case 'l2Rows':
      return { offset: 0, scale: 1 };
    case 'imputeMean':
      return { offset: column.reduce((sum, value) => sum + value / column.length, 0), scale: 1 };
    case 'imputeMedian':
      return { offset: quantile(column.sort(), 0.5), scale: 1 };
    case 'imputeMode':
      return { offset: mostFrequent(column.sort()), scale: 1 };
  }
}

/** A column whose variance is zero within rounding is not divided, as in scikit-learn. */
function fitStandard(settings: DataSteps['fitScaler'], column: Float64Array): { offset: number; scale: number } {
  const count = column.length;
  let mean = 0;
  for (const value of column) mean += value / count;
  let squares = 0;
  let rounding = 0;
  for (const value of column) {
    squares += (value - mean) ** 2;
    rounding += value - mean;
  }
  const variance = (squares - rounding ** 2 / count) / count;
  const error = count * Number.EPSILON * variance + (count * mean * Number.EPSILON) ** 2;
  const constant = variance <= error;
  return { offset: settings.withMean ? mean : 0, scale: settings.withStd && !constant ? Math.sqrt(variance) : 1 };
}

/** Scales below ten roundings count as zero and become 1. */
const nonZero = (scale: number): number => (scale < 10 * Number.EPSILON ? 1 : scale);

function range(column: Float64Array): [number, number] {
  let [low, high] = [NaN, NaN];
  for (const value of column) {
    if (!(value >= low)) low = value;
    if (!(value <= high)) high = value;
  }
  return [low, high];
}

function unitRows(values: ArrayValue['tensor']['values'], width: number, out: Float32Array | Float64Array): void {
  for (let start = 0; start < values.length; start += width) {
    let squares = 0;
    for (let j = start; j < start + width; j++) squares += (values[j] as number) ** 2;
    const length = squares === 0 ? 1 : Math.sqrt(squares);
    for (let j = start; j < start + width; j++) out[j] = (values[j] as number) / length;
  }
}

/** The smallest of the most frequent values of a sorted column. */
function mostFrequent(sorted: Float64Array): number {
  let best = { value: Number.NaN, count: 0 };
  let start = 0;
  for (let i = 1; i <= sorted.length; i++) {
    if (i < sorted.length && sorted[i] === sorted[start]) continue;
    if (i - start > best.count) best = { value: sorted[start] as number, count: i - start };
    start = i;
  }
  return best.value;
}
