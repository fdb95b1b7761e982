import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FileLook } from '../../src/data/look';
import type { DataStep } from '../../src/records/dataSteps';
import { readCsv, select, step } from './program';

const folder = mkdtempSync(join(tmpdir(), 'look-'));
afterAll(() => rmSync(folder, { recursive: true }));
const script = join(folder, 'train.py');
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const look = (): FileLook => new FileLook(() => ({ folders: [folder] }));
const program = (...steps: DataStep[]) => ({ steps, symbols: {} });

write('small.csv', 'a,b,c\n1,x,0.5\n2,y,\n2,x,1.5\n');

describe('a look at a small table while its script is read', () => {
  it('gives names and types of columns after what was done to the table', () => {
    const steps = program(
      readCsv('small.csv'),
      step('dummies', { columns: ['b'], dropFirst: false }, 0),
      step('drop', { columns: ['c'] }, 1),
    );
    expect(look().columns(steps, 0, script)).toEqual([
      { name: 'a', type: 'integer' },
      { name: 'b', type: 'text' },
      { name: 'c', type: 'float' },
    ]);
    expect(
      look()
        .columns(steps, 2, script)
        ?.map(({ name }) => name),
    ).toEqual(['a', 'b_x', 'b_y']);
  });

  it('gives few numbers and different values', () => {
    const counts = program(readCsv('small.csv'), select(0, ['b'], true), step('countValues', { order: 'frequency' }, 1));
    expect(look().numbers(counts, 2, script)).toEqual({ shape: [2], values: [2, 1], integer: true });
    expect(look().distinct(counts, 1, script)).toEqual(['x', 'y']);
  });

  it('gives no numbers that chance decides, but the columns of such rows', () => {
    const settings = { testSize: 0.34, trainSize: null, shuffle: true, stratify: false };
    const split = (seed: number | null) =>
      program(
        readCsv('small.csv'),
        step('trainTestSplit', { ...settings, seed }, 0),
        step('part', { index: 0 }, 1),
        select(2, ['a'], true),
      );
    expect(look().numbers(split(0), 3, script)?.shape).toEqual([1]);
    expect(look().numbers(split(null), 3, script)).toBeNull();
    expect(look().columns(split(null), 2, script)).toHaveLength(3);
  });

  it('sees a changed file anew', () => {
    const one = look();
    write('changing.csv', 'a\n1\n');
    const steps = program(readCsv('changing.csv'));
    expect(one.columns(steps, 0, script)?.map(({ name }) => name)).toEqual(['a']);
    write('changing.csv', 'a,new\n1,2\n');
    utimesSync(join(folder, 'changing.csv'), 1, 1);
    expect(one.columns(steps, 0, script)?.map(({ name }) => name)).toEqual(['a', 'new']);
  });

  it('takes a picked file, or the one of that name in a picked folder, in place of one that is not there', () => {
    const gone = program(readCsv('elsewhere/small.csv'));
    const names = (dataPath?: string): unknown =>
      new FileLook(() => ({ folders: [folder], ...(dataPath !== undefined && { dataPath }) }))
        .columns(gone, 0, script)
        ?.map(({ name }) => name);
    expect(names()).toBeUndefined();
    expect(names(join(folder, 'small.csv'))).toEqual(['a', 'b', 'c']);
    expect(names(folder)).toEqual(['a', 'b', 'c']);
  });

  it('leaves large and missing files alone', () => {
    write('large.csv', `a,b\n${'1,2\n'.repeat(600_000)}`);
    expect(look().columns(program(readCsv('large.csv')), 0, script)).toBeNull();
    expect(look().columns(program(readCsv('nowhere.csv')), 0, script)).toBeNull();
  });
});
