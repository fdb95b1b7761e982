import { expect, test } from 'vitest';
import { Random } from '../../../src/base/random';
import { LossJumps } from '../../../src/engine/loop/lossJumps';

/** Calls of `call` steps over the whole course; the steps to be taken again of each. */
function found(losses: readonly number[], call: number): number[] {
  const jumps = new LossJumps(call);
  const again: number[] = [];
  for (let first = 0; first < losses.length; first += call) {
    const count = Math.min(call, losses.length - first);
    const steps = jumps.find(first, losses.slice(first, first + count));
    again.push(steps);
    // What is taken again is seen with its gradients, and noted.
    if (steps > 0) for (let k = 0; k < count; k++) jumps.add(losses[first + k] as number);
  }
  return again;
}

const falling = (length: number): number[] => Array.from({ length }, (_, step) => 2 * Math.exp(-step / 200));

test('a loss that falls has no jump, nor has one that scatters by a third', () => {
  const random = new Random(1);
  expect(found(falling(800), 50).every((steps) => steps === 0)).toBe(true);
  const scattered = Array.from({ length: 800 }, () => 1 + random.uniform(-0.2, 0.2));
  expect(found(scattered, 50).every((steps) => steps === 0)).toBe(true);
});

test('the steps up to a jump and three beyond it are taken again', () => {
  const losses = falling(300);
  losses[210] = 9;
  expect(found(losses, 100)).toEqual([0, 0, 14]);
  losses[210] = 1;
  losses[299] = 9;
  expect(found(losses, 100)).toEqual([0, 0, 100]);
});

test('no more than a call and a tenth of all steps are taken again, however often the loss jumps', () => {
  const losses = Array.from({ length: 5000 }, (_, step) => (step % 100 === 99 ? 50 : 1 / (1 + step)));
  const again = found(losses, 100).reduce((sum, steps) => sum + steps, 0);
  expect(again).toBeGreaterThan(100);
  expect(again).toBeLessThanOrEqual(100 + 500);
});
