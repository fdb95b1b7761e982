import { describe, expect, it } from 'vitest';
import type { DataStep, DataSteps } from '../../src/records/dataSteps';
import type { WordNumbering } from '../../src/records/textSteps';
import { experimentOf, loaded, step } from './program';

/** The rows that the last of some steps makes. */
async function rowsOf(...steps: DataStep[]): Promise<number[][]> {
  const last = steps.length - 1;
  const { train } = await loaded(experimentOf(steps, { inputs: [last], targets: [last] }));
  const { shape, values } = train.inputs[0] ?? { shape: [0], values: [] };
  const width = shape[1] ?? 1;
  return Array.from({ length: shape[0] ?? 0 }, (_, i) => Array.from(values.slice(i * width, (i + 1) * width)));
}

const texts = (...values: string[]): DataStep => step('literalText', { values });
const numbers = (...values: number[]): DataStep => step('literal', { shape: [values.length], values, integer: true });

const lookup: DataSteps['vocabularyIndex'] = { vocabulary: null, unknowns: 1, masks: false, limit: null, form: 'integer' };

// The examples of Keras's own pages of these layers, with the results that they print.
describe('lookups', () => {
  const [counted, given] = [texts('a', 'c', 'd', 'd', 'z', 'b'), texts('[UNK]', 'd', 'z', 'c', 'b', 'a')];

  it('number what comes most often first, ties backward', async () => {
    const made = await rowsOf(counted, given, step('vocabularyIndex', lookup, 0, 1));
    expect(made.flat()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('number whole numbers likewise', async () => {
    const made = await rowsOf(
      numbers(12, 1138, 42, 42, 1000, 36),
      numbers(7, 42, 1138, 1000, 36, 12),
      step('vocabularyIndex', lookup, 0, 1),
    );
    expect(made.flat()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('number by a vocabulary that is given', async () => {
    const settings = { ...lookup, vocabulary: ['a', 'b', 'c', 'd'] };
    expect((await rowsOf(texts('a', 'c', 'd', 'd', 'z', 'b'), step('vocabularyIndex', settings, 0))).flat()).toEqual([
      1, 3, 4, 4, 0, 2,
    ]);
  });

  it('make a column for each, the first for what is not known', async () => {
    const settings = { ...lookup, vocabulary: ['a', 'b', 'c', 'd'], form: 'columns' as const };
    expect(await rowsOf(texts('a', 'b', 'c', 'd', 'z'), step('vocabularyIndex', settings, 0))).toEqual([
      [0, 1, 0, 0, 0],
      [0, 0, 1, 0, 0],
      [0, 0, 0, 1, 0],
      [0, 0, 0, 0, 1],
      [1, 0, 0, 0, 0],
    ]);
  });

  it('have a place for empty ones, and no more places than they may', async () => {
    const settings = { ...lookup, masks: true, limit: 4 };
    const made = await rowsOf(counted, texts('', 'd', 'z', 'c', 'y'), step('vocabularyIndex', settings, 0, 1));
    expect(made.flat()).toEqual([0, 2, 3, 1, 1]);
  });
});

describe('texts as TextVectorization has them', () => {
  const numbering: WordNumbering = {
    limit: 5000,
    lower: true,
    filters: "!,.'-",
    split: ' ',
    marksUnknown: true,
    characters: false,
    hashed: null,
    vectorized: true,
  };
  const words = (changes: Partial<WordNumbering> = {}): DataStep =>
    step('wordNumbers', { ...numbering, ...changes, length: 4, value: 0, before: false, cutBefore: false }, 0, 1);

  it('are numbers of words, 0 behind their end and 1 for unknown ones', async () => {
    expect(await rowsOf(texts('foo', 'bar', 'baz'), texts('foo qux bar', 'qux baz'), words())).toEqual([
      [2, 1, 4, 0],
      [1, 3, 0, 0],
    ]);
  });

  it('lose punctuation inside of words, and words above the limit', async () => {
    const made = await rowsOf(
      texts("don't go", 'dont', 'go, Go', 'stay'),
      texts("don't stay\tGO.", 'a b c d e'),
      words({ limit: 4 }),
    );
    expect(made).toEqual([
      [3, 1, 2, 0],
      [1, 1, 1, 1],
    ]);
  });

  it('may be columns of words, the first for unknown ones', async () => {
    const columns = step('wordMatrix', { ...numbering, limit: null, counts: true }, 0, 1);
    expect(await rowsOf(texts('foo', 'bar', 'baz'), texts('foo qux foo', 'bar'), columns)).toEqual([
      [1, 2, 0, 0],
      [0, 0, 0, 1],
    ]);
    const limited = step('wordMatrix', { ...numbering, limit: 4, counts: false }, 0, 1);
    expect(await rowsOf(texts('foo', 'bar', 'baz'), texts('foo qux foo', 'bar'), limited)).toEqual([
      [1, 1, 0],
      [1, 0, 0],
    ]);
  });
});
