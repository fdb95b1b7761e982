import { ok } from '../../base/result';
import type { DataSteps } from '../../records/dataSteps';
import type { Execute } from '../context';
import { fault, type Outcome } from '../fault';
import { arrayInput } from '../inputs';
import { arrayOf, asIntegers, lineageOf } from '../values';

/** pandas.cut and pandas.qcut, as the numbers of the intervals. */
export const executeBinned: Execute<'binned'> = (settings, inputs) => {
  const value = arrayInput(inputs, 0);
  if (!value.ok) return value;
  const { shape, values } = value.value.tensor;
  const edges = edgesOf(
    settings,
    Float64Array.from(values).filter((entry) => !Number.isNaN(entry)),
  );
  if (!edges.ok) return edges;
  const bins = edges.value;
  if (bins.some((edge, i) => i > 0 && !(edge > (bins[i - 1] as number))))
    return fault(
      'The edges of these intervals do not increase: several quantiles are equal; give duplicates="drop" or fewer intervals.',
    );
  const codes = Float64Array.from(values, (entry) => placeOf(entry, bins, settings));
  const whole = codes.some(Number.isNaN) ? codes : asIntegers(codes);
  return ok(arrayOf(shape, whole, lineageOf(value.value)));
};

function placeOf(entry: number, bins: readonly number[], { right, lowest }: DataSteps['binned']): number {
  if (Number.isNaN(entry)) return NaN;
  const last = bins.length - 1;
  if (lowest && right && entry === bins[0]) return 0;
  if (lowest && !right && entry === bins[last]) return last - 1;
  const at = bins.reduce((count, edge) => count + Number(right ? entry > edge : entry >= edge), 0) - 1;
  return at < 0 || at >= last ? NaN : at;
}

function edgesOf(
  { edges, count, quantiles, right, dropDuplicates }: DataSteps['binned'],
  present: Float64Array,
): Outcome<number[]> {
  if (edges) return ok([...edges]);
  if (present.length === 0) return fault('There are no numbers to make intervals of.');
  const sorted = present.sort();
  if (quantiles) {
    const made = quantiles.map((q) => quantileOf(sorted, q));
    return ok(dropDuplicates ? [...new Set(made)] : made);
  }
  const [low, high] = [sorted[0] as number, sorted.at(-1) as number];
  if (count === null || low === high) return fault('These intervals have no width.');
  const made = Array.from({ length: count + 1 }, (_, i) => (i === count ? high : low + i * ((high - low) / count)));
  const more = (high - low) * 0.001;
  if (right) made[0] = low - more;
  else made[count] = high + more;
  return ok(made);
}

/** Linear between the two entries around the place. */
function quantileOf(sorted: Float64Array, q: number): number {
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const [a, b] = [sorted[below] as number, sorted[Math.min(below + 1, sorted.length - 1)] as number];
  const part = place - below;
  return part >= 0.5 ? b - (b - a) * (1 - part) : a + (b - a) * part;
}
