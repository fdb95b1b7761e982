import { ok } from '../../base/result';
import type { Execute, Permuting } from '../context';
import { fault, type Outcome } from '../fault';
import { arrayInput, rowsInput } from '../inputs';
import { rowCount } from '../rows';
import { arrayOf, type RowsValue } from '../values';
import { classCodes } from './splits';

/** scikit-learn's KFold, or StratifiedKFold where the second input has the classes. Parts: rows to train on, rows to test on. */
export const executeFoldRows: Execute<'foldRows'> = (settings, inputs, context) => {
  const rows = rowsInput(inputs, 0);
  if (!rows.ok) return rows;
  const classes = inputs.length > 1 ? rowsInput(inputs, 1) : null;
  if (classes && !classes.ok) return classes;
  const count = rowCount(rows.value);
  const { folds, fold, shuffle, seed } = settings;
  if (folds < 2 || folds > count) return fault(`${count} rows cannot be split into ${folds} folds.`);
  const random = shuffle ? context.numpySelection(seed) : null;
  const numbers = classes ? foldsByClass(classes.value, count, folds, random) : ok(foldsInOrder(count, folds, random));
  if (!numbers.ok) return numbers;
  const all = [...Array(count).keys()];
  const positions = (test: boolean): RowsValue => {
    const chosen = all.filter((row) => (numbers.value[row] === fold) === test);
    return arrayOf([chosen.length], Int32Array.from(chosen));
  };
  return ok({ kind: 'parts', parts: [positions(false), positions(true)] });
};

/** Each row's fold: as many rows one after the other (in a random order) as are left for each; the first folds get one more. */
function foldsInOrder(count: number, folds: number, random: Permuting | null): Int32Array {
  const order = random ? random.permutation(count) : Int32Array.from({ length: count }, (_, row) => row);
  const numbers = new Int32Array(count);
  let at = 0;
  for (let fold = 0; fold < folds; fold++) {
    const size = Math.floor(count / folds) + (fold < count % folds ? 1 : 0);
    for (const row of order.subarray(at, at + size)) numbers[row] = fold;
    at += size;
  }
  return numbers;
}

/** Each row's fold, so that all folds have about the same share of each class. */
function foldsByClass(classes: RowsValue, count: number, folds: number, random: Permuting | null): Outcome<Int32Array> {
  if (rowCount(classes) !== count) return fault(`The classes are ${rowCount(classes)}, the rows ${count}.`);
  const codes = classCodes(classes);
  const sizes: number[] = [];
  for (const code of codes) sizes[code] = (sizes[code] ?? 0) + 1;
  if (Math.max(...sizes) < folds) return fault(`No class has as many rows as there are folds (${folds}).`);
  // Sorted by class, every folds-th row goes to one fold: so many rows of each class are that fold's.
  const sorted = sizes.flatMap((size, code) => new Array<number>(size).fill(code));
  const numbers = new Int32Array(count);
  for (const code of sizes.keys()) {
    const dealt = Array.from({ length: folds }, (_, fold) =>
      new Array<number>(sorted.filter((c, i) => i % folds === fold && c === code).length).fill(fold),
    ).flat();
    const order = random ? random.permutation(dealt.length) : dealt.map((_, i) => i);
    let next = 0;
    for (const [row, c] of codes.entries()) if (c === code) numbers[row] = dealt[order[next++] as number] as number;
  }
  return ok(numbers);
}

/** Positions drawn with replacement by their weights. */
export const executeWeightedRows: Execute<'weightedRows'> = (settings, inputs, context) => {
  const weights = arrayInput(inputs, 0);
  const count = context.size(settings.count);
  if (!weights.ok) return weights;
  if (!count.ok) return count;
  const { values } = weights.value.tensor;
  const sums = new Float64Array(values.length);
  let total = 0;
  for (const [i, weight] of values.entries()) {
    if (!(weight >= 0)) return fault(`The weight ${weight} of row ${i + 1} is not a number from 0 on.`);
    total += weight;
    sums[i] = total;
  }
  if (!(total > 0)) return fault('The weights add up to 0, so that no row can be drawn.');
  const random = context.selection(settings.seed);
  const drawn = Int32Array.from({ length: Math.trunc(count.value) }, () => placeIn(sums, random.uniform(0, total)));
  return ok(arrayOf([drawn.length], drawn));
};

/** The first place whose sum is above `value`. */
function placeIn(sums: Float64Array, value: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] as number) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
