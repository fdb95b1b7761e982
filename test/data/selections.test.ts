import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MersenneTwister } from '../../src/base/mersenne';
import { experimentOf, here, loaded, step } from './program';

interface Parts {
  readonly seed: number;
  readonly count?: number;
  readonly testSize: number;
  readonly parts: readonly [number[], number[]];
}
interface Orders {
  readonly seed: number;
  readonly count: number;
  readonly order: readonly number[];
}
interface Selections {
  readonly numpy: readonly Orders[];
  readonly torch: readonly Orders[];
  readonly splits: readonly Parts[];
  readonly classes: readonly number[];
  readonly stratified: readonly Parts[];
  readonly folds: readonly { readonly seed: number; readonly stratified: boolean; readonly test: readonly number[][] }[];
}
const reference = JSON.parse(readFileSync(join(here, 'selections.json'), 'utf8')) as Selections;

const rows = (count: number) => step('arange', { start: 0, end: count, step: 1 });
const classes = step('literal', { shape: [reference.classes.length], values: reference.classes, integer: true });
const part = (index: number, of: number) => step('part', { index }, of);

describe('selections with a seed take the rows that Python takes', () => {
  it.each(reference.numpy)('NumPy: permutation of $count with seed $seed', ({ seed, count, order }) => {
    expect([...new MersenneTwister(seed).permutation(count)]).toEqual(order);
  });

  it.each(reference.torch)('PyTorch: randperm of $count with seed $seed', ({ seed, count, order }) => {
    expect([...new MersenneTwister(seed).torchPermutation(count)]).toEqual(order);
  });

  it.each([...reference.splits, ...reference.stratified])('train_test_split with seed $seed of $testSize', async (given) => {
    const { seed, count, testSize, parts } = given;
    const stratify = count === undefined;
    const settings = { testSize, trainSize: null, seed, shuffle: true, stratify };
    const source = rows(count ?? reference.classes.length);
    const split = stratify ? step('trainTestSplit', settings, 0, 1) : step('trainTestSplit', settings, 0);
    const steps = [source, classes, split, part(0, 2), part(1, 2)];
    const whole = experimentOf(steps, { inputs: [3], targets: [3] }, { inputs: [4], targets: [4] });
    const { train, validation } = await loaded(whole);
    expect([[...train.rows], [...(validation?.rows ?? [])]]).toEqual(parts);
  });

  it.each(reference.folds)('folds with seed $seed, by class: $stratified', async ({ seed, stratified, test }) => {
    for (const [fold, expected] of test.entries()) {
      const settings = { folds: test.length, fold, shuffle: true, seed };
      const folds = stratified ? step('foldRows', settings, 0, 1) : step('foldRows', settings, 0);
      const steps = [rows(reference.classes.length), classes, folds, part(1, 2), step('takeRows', {}, 0, 3)];
      const { train } = await loaded(experimentOf(steps, { inputs: [4], targets: [4] }));
      expect([...(train.inputs[0]?.values ?? [])]).toEqual(expected);
    }
  });
});
