import { fc } from '../support/property';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random';
import { gradient, hessianVector } from '../../src/graph/differentiate';
import { Graph } from '../../src/graph/graph';
import { sizeOf } from '../../src/graph/operations';
import { ancestors } from '../../src/graph/traverse';
import { evaluate } from './evaluate';

const pair = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

/** For each element whether it is the first of the largest in its window, planes one after another. */
function winners(
  values: Float64Array,
  [rows, columns]: readonly [number, number],
  [down, along]: readonly [number, number],
): boolean[] {
  const won = new Array<boolean>(values.length).fill(false);
  for (let plane = 0; plane < values.length; plane += rows * columns)
    for (let top = 0; top < rows; top += down)
      for (let left = 0; left < columns; left += along) {
        let best = -1;
        for (let i = 0; i < down * along; i++) {
          const place = plane + (top + Math.floor(i / along)) * columns + left + (i % along);
          if (best < 0 || (values[place] ?? 0) > (values[best] ?? 0)) best = place;
        }
        won[best] = true;
      }
  return won;
}

describe('a pooling whose windows tile the planes', () => {
  it('sends gradients and products to the first of the largest in every window', async () => {
    await fc.assert(
      fc.asyncProperty(pair(1, 3), pair(1, 4), fc.integer({ min: 0, max: 1000 }), (kernel, windows, seed) => {
        const plane = [kernel[0] * windows[0], kernel[1] * windows[1]] as const;
        const g = new Graph();
        const x = g.input('x', [2, 3, ...plane], 'float64');
        const v = g.input('v', x.shape, 'float64');
        const y = g.maxPool(x, { kernel, strides: kernel, pads: [0, 0, 0, 0], dilations: [1, 1], ceil: false });
        const loss = g.sum(g.mul(y, g.mul(y, y)));
        const outputs = [...gradient(g, loss, [x]), ...hessianVector(g, loss, [x], [v])];
        const random = new Random(seed);
        // Few different values: windows have several largest elements.
        const values = {
          x: Float64Array.from({ length: sizeOf(x.shape) }, () => random.integer(3) - 1),
          v: Float64Array.from({ length: sizeOf(x.shape) }, () => random.normal()),
        };
        const [slopes, products] = evaluate(outputs, values);
        winners(values.x, plane, kernel).forEach((won, i) => {
          const [at, along] = [values.x[i] ?? 0, values.v[i] ?? 0];
          expect(slopes?.[i]).toBeCloseTo(won ? 3 * at * at : 0, 12);
          expect(products?.[i]).toBeCloseTo(won ? 6 * at * along : 0, 12);
        });
        expect(ancestors(outputs).some(({ op }) => op === 'putAlong')).toBe(false);
        return Promise.resolve();
      }),
      { numRuns: 60 },
    );
  });
});
