import type { TargetStatistics } from '../../records/dataset';
import { isInteger, type ArrayValue } from '../values';

/** More class numbers than this are no classes. */
const mostClasses = 10_000;

/** The class number of each row: integers, 0/1 floats, or rows of one 1 among 0s; null when the target is numbers. */
export function classesOf(target: ArrayValue): Int32Array | null {
  const { shape, values } = target.tensor;
  const rows = shape[0] ?? 0;
  if (rows === 0) return null;
  const width = values.length / rows;
  if (width > 1) return shape.length === 2 ? oneHotClasses(values, rows, width) : null;
  const limit = isInteger(target) ? mostClasses : 1;
  for (const value of values) if (!Number.isInteger(value) || value < 0 || value > limit) return null;
  return Int32Array.from(values);
}

function oneHotClasses(values: ArrayValue['tensor']['values'], rows: number, width: number): Int32Array | null {
  const classes = new Int32Array(rows).fill(-1);
  for (const [at, value] of values.entries()) {
    if (value === 0) continue;
    const row = Math.floor(at / width);
    if (value !== 1 || classes[row] !== -1) return null;
    classes[row] = at % width;
  }
  return classes.includes(-1) ? null : classes;
}

/** What is known of the target over the training rows. */
export function targetStatistics(target: ArrayValue): TargetStatistics {
  const { shape, values } = target.tensor;
  const classes = classesOf(target);
  let [sum, present, minimum, maximum] = [0, 0, NaN, NaN];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    present++;
    sum += value;
    if (!(value >= minimum)) minimum = value;
    if (!(value <= maximum)) maximum = value;
  }
  const mean = sum / present;
  let squares = 0;
  for (const value of values) if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  return {
    kind: classes ? 'classes' : 'numbers',
    ...(target.boolean ? {} : { type: isInteger(target) ? 'integer' : 'float' }),
    shape,
    counts: classes ? countsOf(classes) : [],
    mean,
    variance: squares / present,
    minimum,
    maximum,
    missing: values.length - present,
    runsZ: classes ? runsZ(classes) : values.length === (shape[0] ?? 0) ? runsZ(sidesOfMedian(values)) : null,
  };
}

function countsOf(classes: Int32Array): number[] {
  let most = 0;
  for (const code of classes) if (code > most) most = code;
  const counts = Array<number>(most + 1).fill(0);
  for (const code of classes) counts[code] = (counts[code] as number) + 1;
  return counts;
}

/** 1 above the median and 0 below it; rows at the median itself are left out. */
function sidesOfMedian(values: ArrayValue['tensor']['values']): Int32Array {
  const present = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  const sorted = present.slice().sort();
  const half = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? (sorted[half] as number) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
  return Int32Array.from(
    present.filter((value) => value !== median),
    (value) => Number(value > median),
  );
}

/**
 * The runs test of Wald and Wolfowitz (for several kinds: Barton and David, 1957): how many standard
 * deviations the number of runs of equal labels lies from that of a random order. Null when every
 * order has the same number.
 */
export function runsZ(labels: Int32Array): number | null {
  const n = labels.length;
  const counts = new Map<number, number>();
  let runs = n > 0 ? 1 : 0;
  for (let i = 0; i < n; i++) {
    const label = labels[i] as number;
    counts.set(label, (counts.get(label) ?? 0) + 1);
    if (i > 0 && label !== labels[i - 1]) runs++;
  }
  let [squares, cubes] = [0, 0];
  for (const count of counts.values()) {
    squares += count ** 2;
    cubes += count ** 3;
  }
  const expected = (n * (n + 1) - squares) / n;
  const variance = (squares * (squares + n * (n + 1)) - 2 * n * cubes - n ** 3) / (n ** 2 * (n - 1));
  return variance > 0 ? (runs - expected) / Math.sqrt(variance) : null;
}
