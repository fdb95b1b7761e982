import { MersenneTwister } from '../../base/mersenne';
import { ok } from '../../base/result';
import type { Execute, Permuting, StepContext } from '../context';
import type { DataSteps } from '../../records/dataSteps';
import { fault, type Outcome } from '../fault';
import { allRows } from '../inputs';
import { positions, rowCount, takeRows } from '../rows';
import { columnNumbers, type RowsValue } from '../values';

/**
 * scikit-learn's train_test_split. Parts: for each input its training rows, then its test rows.
 * With `stratify` the last input holds the classes and is not split itself.
 */
export const executeTrainTestSplit: Execute<'trainTestSplit'> = (settings, inputs, context) => {
  const values = sameLength(allRows(inputs));
  if (!values.ok) return values;
  const classes = settings.stratify ? values.value.at(-1) : undefined;
  const split = settings.stratify ? values.value.slice(0, -1) : values.value;
  const first = split[0];
  if (!first) return fault('train_test_split needs at least one array.');
  const count = rowCount(first);
  const sizes = splitSizes(settings, count, first.kept);
  if (!sizes.ok) return sizes;
  const [trainCount, testCount] = sizes.value;
  const rows = chooseSplit(settings, classes, count, trainCount, testCount, context);
  if (!rows.ok) return rows;
  return ok({
    kind: 'parts',
    parts: split.flatMap((value) => [takeRows(value, rows.value.train), takeRows(value, rows.value.test)]),
  });
};

/** torch's random_split. Parts: for each length, its rows of every input. */
export const executeRandomSplit: Execute<'randomSplit'> = (settings, inputs, context) => {
  const values = sameLength(allRows(inputs));
  if (!values.ok) return values;
  const first = values.value[0];
  if (!first) return fault('random_split needs a data set.');
  const count = rowCount(first);
  const lengths = splitLengths(settings, count, first.kept, context);
  if (!lengths.ok) return lengths;
  const order =
    settings.seed === null
      ? context.selection(null).permutation(count)
      : new MersenneTwister(settings.seed).torchPermutation(count);
  let start = 0;
  const parts = lengths.value.flatMap((length) => {
    const rows = order.slice(start, start + length);
    start += length;
    return values.value.map((value) => takeRows(value, rows));
  });
  return ok({ kind: 'parts', parts });
};

function sameLength(values: Outcome<RowsValue[]>): Outcome<RowsValue[]> {
  if (!values.ok) return values;
  const counts = values.value.map(rowCount);
  return counts.every((count) => count === counts[0])
    ? values
    : fault(`The inputs have different numbers of rows: ${counts.join(', ')}.`);
}

/** Rows of both parts: a share is rounded up for the test part and down for the training part. */
function splitSizes(
  { testSize, trainSize }: DataSteps['trainTestSplit'],
  count: number,
  kept: number,
): Outcome<[number, number]> {
  const size = (wanted: number, round: (x: number) => number): number =>
    wanted < 1 ? round(wanted * count) : Math.round(wanted * kept);
  const asked = testSize ?? (trainSize === null ? 0.25 : null);
  const test = asked === null ? count - size(trainSize ?? 0, Math.floor) : size(asked, Math.ceil);
  const train = trainSize === null ? count - test : size(trainSize, Math.floor);
  if (train + test > count || train <= 0 || test < 0) {
    return fault(`${count} rows cannot be split into ${train} for training and ${test} for testing; lower test_size.`);
  }
  return ok([train, test]);
}

function chooseSplit(
  settings: DataSteps['trainTestSplit'],
  classes: RowsValue | undefined,
  count: number,
  train: number,
  test: number,
  context: StepContext,
): Outcome<{ train: Int32Array; test: Int32Array }> {
  if (!settings.shuffle) return ok({ train: positions(train), test: positions(test, train) });
  const random = context.numpySelection(settings.seed);
  if (classes) return stratified(sortedCodes(classes), train, test, random);
  const order = random.permutation(count);
  return ok({ test: order.slice(0, test), train: order.slice(test, test + train) });
}

/** Draws from each class in proportion to its rows. */
function stratified(
  codes: Int32Array,
  train: number,
  test: number,
  random: Permuting,
): Outcome<{ train: Int32Array; test: Int32Array }> {
  const byClass: number[][] = [];
  for (const [row, code] of codes.entries()) (byClass[code] ??= []).push(row);
  const counts = byClass.map((rows) => rows.length);
  if (Math.min(...counts) < 2)
    return fault(
      'A class has a single row, which stratify cannot divide between training and test; leave that class out or drop stratify.',
    );
  if (Math.min(train, test) < counts.length)
    return fault(
      `stratify needs at least one row of each of the ${counts.length} classes in both parts; make the smaller part larger.`,
    );
  const trainCounts = proportional(counts, train, random);
  const testCounts = proportional(
    counts.map((rows, at) => rows - (trainCounts[at] as number)),
    test,
    random,
  );
  const [trainRows, testRows]: [number[], number[]] = [[], []];
  for (const [at, rows] of byClass.entries()) {
    const order = random.permutation(rows.length);
    const [some, others] = [trainCounts[at] as number, testCounts[at] as number];
    for (let i = 0; i < some; i++) trainRows.push(rows[order[i] as number] as number);
    for (let i = some; i < some + others; i++) testRows.push(rows[order[i] as number] as number);
  }
  return ok({ train: shuffled(trainRows, random), test: shuffled(testRows, random) });
}

/** `total` divided in proportion to `counts`: rounded down, the rest to the largest remainders, ties as scikit-learn draws them. */
function proportional(counts: readonly number[], total: number, random: Permuting): number[] {
  const all = counts.reduce((sum, rows) => sum + rows, 0);
  const exact = counts.map((rows) => (all === 0 ? 0 : (rows / all) * total));
  const given = exact.map(Math.floor);
  const rest = exact.map((share, at) => share - (given[at] as number));
  let left = Math.trunc(total - given.reduce((sum, rows) => sum + rows, 0));
  for (const value of [...new Set(rest)].sort((a, b) => b - a)) {
    if (left <= 0) break;
    const equal = [...rest.keys()].filter((at) => rest[at] === value);
    const drawn = random.permutation(equal.length).subarray(0, left);
    for (const i of drawn) given[equal[i] as number] = (given[equal[i] as number] as number) + 1;
    left -= drawn.length;
  }
  return given;
}

const shuffled = (rows: readonly number[], random: Permuting): Int32Array =>
  random.permutation(rows.length).map((at) => rows[at] as number);

/** The class of each row as 0, 1, … in order of appearance; rows of several columns count as one class each. */
export function classCodes(value: RowsValue): Int32Array {
  const known = new Map<string, number>();
  const count = rowCount(value);
  const width = value.kind === 'table' ? value.columns.length : value.tensor.values.length / count;
  return Int32Array.from({ length: count }, (_, row) => {
    const cells = Array.from({ length: width }, (_cell, j) => cellAt(value, row, j, width));
    const key = cells.join('\u0000');
    const code = known.get(key) ?? known.size;
    known.set(key, code);
    return code;
  });
}

/** The class of each row as 0, 1, … in sorted order. */
function sortedCodes(value: RowsValue): Int32Array {
  const codes = classCodes(value);
  const width = value.kind === 'table' ? value.columns.length : value.tensor.values.length / rowCount(value);
  const isText = width > 1 || (value.kind === 'table' && value.columns[0]?.type === 'text');
  const first: string[] = [];
  for (const [row, code] of codes.entries())
    first[code] ??= Array.from({ length: width }, (_, j) => cellAt(value, row, j, width)).join(' ');
  const order = [...first.keys()].sort((a, b) => {
    const [x, y] = [first[a] as string, first[b] as string];
    return isText ? (x < y ? -1 : 1) : Number(x) - Number(y);
  });
  const ranks = new Int32Array(order.length);
  for (const [rank, code] of order.entries()) ranks[code] = rank;
  return codes.map((code) => ranks[code] as number);
}

function cellAt(value: RowsValue, row: number, column: number, width: number): string {
  if (value.kind === 'array') return String(value.tensor.values[row * width + column]);
  const cells = value.columns[column];
  if (!cells) return '';
  if (cells.type === 'text') return cells.values[row] ?? '';
  const numbers = columnNumbers(cells, null);
  return numbers.ok ? String(numbers.value[row]) : '';
}

/** Whole numbers of rows; shares that add up to 1 are rounded down and the rest dealt out one by one, as torch does. */
function splitLengths(
  { lengths, sizes }: DataSteps['randomSplit'],
  count: number,
  kept: number,
  context: StepContext,
): Outcome<number[]> {
  const wanted: number[] = [];
  for (const size of sizes ?? lengths) {
    const bound = context.size(size);
    if (!bound.ok) return bound;
    wanted.push(bound.value);
  }
  const total = wanted.reduce((sum, length) => sum + length, 0);
  const whole = wanted.every((length) => Number.isInteger(length));
  if (whole && total === count) return ok(wanted);
  // Sizes such as 0.8 n and n - 0.8 n: the script's `int` rounds the first ones down.
  if (Math.abs(total - count) < 1e-6) {
    const first = wanted.slice(0, -1).map(Math.floor);
    return ok([...first, count - first.reduce((sum, length) => sum + length, 0)]);
  }
  const shares = !whole && Math.abs(total - 1) < 1e-6 ? wanted : kept < 1 ? wanted.map((length) => length / total) : null;
  if (!shares)
    return fault(`random_split got lengths that add up to ${total}; the data set has ${count} rows. Make them add up.`);
  const given = shares.map((share) => Math.floor(share * count));
  const rest = count - given.reduce((sum, length) => sum + length, 0);
  for (let i = 0; i < rest; i++) given[i % given.length] = (given[i % given.length] as number) + 1;
  return ok(given);
}
