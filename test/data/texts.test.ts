import { describe, expect, it } from 'vitest';
import type { Padding, WordNumbering } from '../../src/records/textSteps';
import { loaded, experimentOf, step } from './program';

const numbering: WordNumbering = {
  limit: null,
  lower: true,
  filters: '!,.',
  split: ' ',
  marksUnknown: false,
  characters: false,
  hashed: null,
};
const padding: Padding = { length: null, value: 0, before: true, cutBefore: true };

/** The rows that a step makes of the texts, and its shape. */
async function rowsOf(changes: Partial<WordNumbering & Padding>, fitted: readonly string[], texts = fitted): Promise<number[][]> {
  const steps = [
    step('literalText', { values: fitted }),
    step('literalText', { values: texts }),
    step('wordNumbers', { ...numbering, ...padding, ...changes }, 0, 1),
  ];
  const { train } = await loaded(experimentOf(steps, { inputs: [2], targets: [2] }));
  const { shape, values } = train.inputs[0] ?? { shape: [0, 0], values: [] };
  const width = shape[1] ?? 0;
  return Array.from({ length: shape[0] ?? 0 }, (_, i) => Array.from(values.slice(i * width, (i + 1) * width)));
}

describe('texts as numbers of words', () => {
  const docs = ['the cat sat', 'The cat ran!', 'the dog'];

  it('number words by how often they come, equally frequent ones in their order', async () => {
    // the 3, cat 2, then sat, ran, dog as they appear.
    expect(await rowsOf({}, docs)).toEqual([
      [1, 2, 3],
      [1, 2, 4],
      [0, 1, 5],
    ]);
  });

  it('leave out words above the limit and those that are not known, or mark them', async () => {
    expect(await rowsOf({ limit: 3 }, docs, ['the cat sat there'])).toEqual([[1, 2]]);
    expect(await rowsOf({ limit: 4, marksUnknown: true }, docs, ['the cat sat there'])).toEqual([[2, 3, 1, 1]]);
  });

  it('may be characters, and keep their case', async () => {
    expect(await rowsOf({ characters: true }, ['aab', 'ca'])).toEqual([
      [1, 1, 2],
      [0, 3, 1],
    ]);
    expect(await rowsOf({ lower: false }, ['A a A'])).toEqual([[1, 2, 1]]);
  });

  it('are numbered from 1 below n by a hash, equal words alike', async () => {
    const [row = []] = await rowsOf({ hashed: 50 }, ['good work good']);
    expect(row[0]).toBe(row[2]);
    expect(row.every((number) => number >= 1 && number < 50)).toBe(true);
  });

  it('say which words a text has, or how often', async () => {
    const steps = [
      step('literalText', { values: docs }),
      step('literalText', { values: ['the cat the'] }),
      step('wordMatrix', { ...numbering, counts: true }, 0, 1),
      step('wordMatrix', { ...numbering, limit: 3, counts: false }, 0, 1),
    ];
    const { train } = await loaded(experimentOf(steps, { inputs: [2], targets: [3] }));
    expect(Array.from(train.inputs[0]?.values ?? [])).toEqual([0, 2, 1, 0, 0, 0]);
    expect(Array.from(train.targets[0]?.values ?? [])).toEqual([0, 1, 1]);
  });
});

describe('rows of one length', () => {
  // The examples of Keras's documentation of pad_sequences.
  const sequences = ['a', 'b c', 'd e f'];
  it.each([
    [
      {},
      [
        [0, 0, 1],
        [0, 2, 3],
        [4, 5, 6],
      ],
    ],
    [
      { value: -1 },
      [
        [-1, -1, 1],
        [-1, 2, 3],
        [4, 5, 6],
      ],
    ],
    [
      { before: false },
      [
        [1, 0, 0],
        [2, 3, 0],
        [4, 5, 6],
      ],
    ],
    [
      { length: 2 },
      [
        [0, 1],
        [2, 3],
        [5, 6],
      ],
    ],
    [
      { length: 2, cutBefore: false },
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
    ],
  ])('%o', async (changes, expected) => {
    expect(await rowsOf(changes, sequences)).toEqual(expected);
  });

  it('mark the columns that a row names', async () => {
    const steps = [
      step('literal', { shape: [2, 2], values: [0, 3, 1, 1], integer: true }),
      step('multiHot', { classes: 4 }, 0),
      step('padSequences', { ...padding, length: 3 }, 0),
    ];
    const { train } = await loaded(experimentOf(steps, { inputs: [1], targets: [2] }));
    expect(Array.from(train.inputs[0]?.values ?? [])).toEqual([1, 0, 0, 1, 0, 1, 0, 0]);
    expect(Array.from(train.targets[0]?.values ?? [])).toEqual([0, 0, 3, 0, 1, 1]);
  });
});
