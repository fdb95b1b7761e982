import { ok } from '../../base/result';
import type { Execute } from '../context';
import { fault } from '../fault';
import { rowsInput } from '../inputs';
import { arrayOf, asIntegers, isInteger, lineageOf, noLineage, sizeOf, toArray } from '../values';
import { axisOf, removedAt, replacedAt } from './along';
import { statistic } from './statistic';

/** The value below which a share `q` of the entries, or of each column, lies, linear between the two nearest. */
export const executeQuantile: Execute<'quantile'> = ({ q, byColumn }, inputs) => {
  const input = rowsInput(inputs, 0);
  if (!input.ok) return input;
  const array = toArray(input.value);
  if (!array.ok) return array;
  const { shape, values } = array.value.tensor;
  const isTable = input.value.kind === 'table';
  if (!byColumn) return ok(arrayOf([], Float64Array.of(quantileOf(Float64Array.from(values), q, isTable))));
  const width = shape[1] ?? 1;
  const columns = Array.from({ length: width }, (_, at) =>
    Float64Array.from({ length: shape[0] ?? 0 }, (_u, row) => values[row * width + at] as number),
  );
  const made = Float64Array.from(columns, (column) => quantileOf(column, q, isTable));
  return ok(arrayOf([width], made, { names: array.value.names }));
};

function quantileOf(all: Float64Array, q: number, skipsMissing: boolean): number {
  const present = skipsMissing ? all.filter((value) => !Number.isNaN(value)) : all;
  const sorted = present.sort();
  const at = q * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)] ?? NaN, sorted[Math.ceil(at)] ?? NaN];
  return present.some(Number.isNaN) ? NaN : below + (above - below) * (at - Math.floor(at));
}

/** mean, sum, std and their like over one axis or all. Tables skip missing values, arrays pass them on. */
export const executeReduce: Execute<'reduce'> = (settings, inputs) => {
  const input = rowsInput(inputs, 0);
  if (!input.ok) return input;
  const array = toArray(input.value);
  if (!array.ok) return array;
  const isTable = input.value.kind === 'table';
  const skipsMissing = isTable || settings.skipMissing === true;
  const { shape, values } = array.value.tensor;
  // pandas reduces a table column by column unless told otherwise.
  const axis = settings.axis ?? (isTable && shape.length === 2 ? 0 : null);
  const at = axis === null ? null : axisOf(axis, shape.length);
  if (axis !== null && at === null) return fault(`An array of ${shape.length} axes has no axis ${axis}.`);

  const length = at === null ? values.length : (shape[at] as number);
  const inner = at === null ? 1 : sizeOf(shape.slice(at + 1));
  const outer = length === 0 ? 0 : values.length / (length * inner);
  const gathered = new Float64Array(length);
  const out = new Float64Array(outer * inner);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      for (let k = 0; k < length; k++) gathered[k] = values[(o * length + k) * inner + i] as number;
      const present = skipsMissing ? gathered.filter((value) => !Number.isNaN(value)) : gathered;
      out[o * inner + i] = statistic(settings.function, present, settings.correction);
    }
  }

  const keptShape = at === null ? shape.map(() => 1) : replacedAt(shape, at, 1);
  const reducedShape = at === null ? [] : removedAt(shape, at);
  const isPlace = settings.function === 'argMax' || settings.function === 'argMin';
  const keepsIntegers = isPlace || (isInteger(array.value) && ['sum', 'min', 'max', 'product'].includes(settings.function));
  const result = keepsIntegers ? asIntegers(out) : values instanceof Float32Array ? Float32Array.from(out) : out;
  const lineage = at !== null && at > 0 ? lineageOf(array.value) : { ...noLineage, pixels: array.value.pixels };
  const names = at !== null && at < shape.length - 1 ? array.value.names : null;
  // Of truth values, the largest and the smallest is one too.
  const boolean = array.value.boolean && (settings.function === 'max' || settings.function === 'min');
  return ok(arrayOf(settings.keep ? keptShape : reducedShape, result, { ...lineage, names, boolean }));
};
