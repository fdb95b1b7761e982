import { expect, test } from 'vitest';
import { Random } from '../../../src/base/random';
import { quickSquares } from '../../../src/engine/kernel/quickSquares';
import { TrainingMemory } from '../../../src/engine/kernel/trainingMemory';
import { compileKernels } from '../../../src/engine/kernel/vectorKernel';

const module = compileKernels({ quickSquares: quickSquares() });

function squaresOf(values: Float32Array): number {
  const memory = new TrainingMemory(values.length, ['x']);
  memory.vector('x').set(values);
  memory.instantiate(module)['quickSquares']?.(memory.address('x', 0), values.length, memory.sums.byteOffset);
  return memory.sums[0] as number;
}

// Below a turn of its loop, at one, over one block and over several, with a rest.
test.each([1, 15, 16, 17, 4096, 4099, 70_001])('adds up the squares of %i numbers to a millionth', (length) => {
  const random = new Random(length);
  const values = Float32Array.from({ length }, () => 3 * random.normal());
  const exact = values.reduce((sum, value) => sum + value * value, 0);
  expect(Math.abs(squaresOf(values) / exact - 1)).toBeLessThan(1e-6);
});

test.each([NaN, Infinity, -Infinity])('is not finite where %d is anywhere among the numbers', (odd) => {
  for (const place of [0, 77, 16_383, 40_002]) {
    const values = new Float32Array(40_003).fill(1e-3);
    values[place] = odd;
    expect(Number.isFinite(squaresOf(values))).toBe(false);
  }
});
