import { expect, test } from 'vitest';
import { roundHalfEven } from '../../src/base/elementary';

test('rounds as Python does: halves go to the even neighbour', () => {
  // Python: [round(x) for x in (0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 2.4, -2.6)]
  expect([0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 2.4, -2.6].map(roundHalfEven).map((x) => x + 0)).toEqual([0, 2, 2, 0, -2, -2, 2, -3]);
});
