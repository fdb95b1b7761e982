import { fc } from '../support/property';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random';
import { gradient, hessianVector, jvp } from '../../src/graph/differentiate';
import { Graph } from '../../src/graph/graph';
import type { ConvGeometry, Tensor } from '../../src/graph/operations';
import { sizeOf } from '../../src/graph/operations';
import { ancestors, dependents } from '../../src/graph/traverse';
import { evaluate } from './evaluate';

const pair = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));
const geometries = fc.record({
  strides: pair(1, 3),
  pads: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3)),
  dilations: pair(1, 2),
});

/** Products with the Hessian of Σ conv(x, kernels)³ by both, as they are made and as plain derivatives of the gradient. */
function productsOf(plane: readonly [number, number], kernel: readonly [number, number], geometry: ConvGeometry) {
  const g = new Graph();
  const x = g.input('x', [2, 3, ...plane], 'float64');
  const kernels = g.input('kernels', [4, 3 / geometry.groups, ...kernel], 'float64');
  const tangents = [x, kernels].map(({ shape }, i) => g.input(`t${i}`, shape, 'float64'));
  const y = g.node('conv', [x, kernels], geometry);
  const loss = g.sum(g.mul(y, g.mul(y, y)));
  const grouped = hessianVector(g, loss, [x, kernels], tangents);
  const plain = jvp(g, gradient(g, loss, [x, kernels]), [x, kernels], tangents);
  const random = new Random(5);
  const values = Object.fromEntries(
    [x, kernels, ...tangents].map((input) => [
      'name' in input.attributes ? input.attributes.name : '',
      Float64Array.from({ length: sizeOf(input.shape) }, () => random.normal()),
    ]),
  );
  return { grouped, plain, tangents, values };
}

/** Gradients by kernels that are left and depend on the tangents. */
function leftOver(products: readonly Tensor[], tangents: readonly Tensor[]): number {
  const moving = dependents(ancestors(products), tangents);
  return ancestors(products).filter((node) => node.op === 'convKernel' && moving.has(node)).length;
}

/** Whether a kernel with its gaps fits into the planes with their margins. */
function fits(plane: readonly [number, number], kernel: readonly [number, number], { pads, dilations }: ConvGeometry): boolean {
  return ([0, 1] as const).every(
    (axis) => plane[axis] + pads[axis] + pads[axis === 0 ? 2 : 3] >= dilations[axis] * (kernel[axis] - 1) + 1,
  );
}

describe('gradients by kernels as products with fixed columns', () => {
  it('are what they were, at any stride, margin and dilation', async () => {
    await fc.assert(
      fc.asyncProperty(pair(4, 8), pair(1, 3), geometries, (plane, kernel, settings) => {
        const geometry: ConvGeometry = { ...settings, groups: 1 };
        fc.pre(fits(plane, kernel, geometry));
        const { grouped, plain, tangents, values } = productsOf(plane, kernel, geometry);
        const expected = evaluate(plain, values);
        evaluate(grouped, values).forEach((product, i) => {
          const reference = Array.from(expected[i] ?? []);
          expect(product.length).toBe(reference.length);
          const scale = Math.hypot(...reference) || 1;
          expect(Math.hypot(...reference.map((value, j) => value - (product[j] ?? NaN))) / scale).toBeLessThan(1e-12);
        });
        // Both of them; with steps over the planes the one whose planes are fixed.
        const left = geometry.strides.every((stride) => stride === 1) ? 0 : 1;
        expect(leftOver(grouped, tangents)).toBe(left);
        expect(leftOver(plain, tangents)).toBe(2);
        return Promise.resolve();
      }),
      { numRuns: 100 },
    );
  });

  it('are left alone in groups', () => {
    const geometry: ConvGeometry = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], groups: 1 };
    const g = new Graph();
    const x = g.input('x', [2, 4, 5, 5], 'float64');
    const kernels = g.input('kernels', [4, 2, 3, 3], 'float64');
    const tangents = [x, kernels].map(({ shape }, i) => g.input(`t${i}`, shape, 'float64'));
    const y = g.node('conv', [x, kernels], { ...geometry, groups: 2 });
    expect(leftOver(hessianVector(g, g.sum(g.mul(y, y)), [x, kernels], tangents), tangents)).toBeGreaterThan(0);
  });
});
