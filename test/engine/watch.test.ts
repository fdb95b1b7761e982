import { expect, test } from 'vitest';
import { everyNth, unwatched, watchedAt } from '../../src/engine/watch';

test('the next watched step is the first one from a step on, in whatever order it is asked for', () => {
  const listed = watchedAt([0, 3, 4, 10]);
  for (const [step, next] of [
    [0, 0],
    [1, 3],
    [4, 4],
    [5, 10],
    [11, Infinity],
    [2, 3],
    [0, 0],
    [10, 10],
  ] as const)
    expect(listed.next(step), `from ${step}`).toBe(next);
  expect([0, 1, 7, 8].map((step) => everyNth(7).next(step))).toEqual([0, 7, 7, 14]);
  expect(unwatched.next(5)).toBe(Infinity);
  expect(watchedAt([]).next(0)).toBe(Infinity);
});
