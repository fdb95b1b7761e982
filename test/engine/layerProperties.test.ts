import { fc } from '../support/property';
import { describe, expect, test } from 'vitest';
import { sizeOf } from '../../src/graph/operations';
import { evaluate, type Case, type Dump } from './layerCase';
import { libraries, runtimeOn } from './onnx/runtimes';

const size = fc.integer({ min: 1, max: 3 });

/** Fixed numbers that meet no kink but by chance. */
const numbers = (shape: readonly number[], seed: number): Dump => ({
  shape,
  values: Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(1.7 * i + 0.3 + seed)),
});

const made = (part: Pick<Case, 'kind' | 'arguments' | 'inputs'> & { readonly parameters?: Case['parameters'] }): Case => ({
  name: part.kind,
  mode: 'train',
  parameters: {},
  output: { shape: [], values: [] },
  gradients: {},
  ...part,
});

const quiet = { mask: false, keyPadding: false, p: 0, call: 0 };

/** Random uses of layers that are made of several operations. */
const uses: Readonly<Record<string, fc.Arbitrary<Case>>> = {
  attention: fc.tuple(size, size, size, size, fc.boolean()).map(([rows, queries, keys, width, causal]) =>
    made({
      kind: 'attention',
      arguments: { ...quiet, causal, scale: null },
      inputs: [numbers([rows, queries, width], 0), numbers([rows, keys, width], 1), numbers([rows, keys, 2], 2)],
    }),
  ),
  multiheadAttention: fc.tuple(size, size, fc.constantFrom(1, 2), size).map(([rows, length, heads, width]) => {
    const dimension = heads * width;
    const x = numbers([rows, length, dimension], 0);
    return made({
      kind: 'multiheadAttention',
      arguments: { ...quiet, dimension, heads, batchFirst: true },
      inputs: [x, { ...x, values: x.values.map((v) => 0.8 * v + 0.1) }, x],
      parameters: {
        in_proj_weight: numbers([3 * dimension, dimension], 1),
        in_proj_bias: numbers([3 * dimension], 2),
        'out_proj.weight': numbers([dimension, dimension], 3),
      },
    });
  }),
  convTranspose2d: fc
    .record({ rows: size, into: size, perGroup: size, kernel: size, stride: size, high: size, wide: size })
    .map(({ rows, into, perGroup, kernel, stride, high, wide }) =>
      made({
        kind: 'convTranspose2d',
        arguments: {
          inChannels: into,
          outChannels: perGroup,
          kernel: [kernel, kernel],
          stride: [stride, 1],
          padding: [0, 0],
          outputPadding: [stride - 1, 0],
          dilation: [1, 1],
          groups: 1,
        },
        inputs: [numbers([rows, into, high, wide], 0)],
        parameters: { weight: numbers([into, perGroup, kernel, kernel], 1), bias: numbers([perGroup], 2) },
      }),
    ),
  interpolate: fc
    .tuple(size, fc.tuple(size, size), fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })), fc.boolean())
    .chain(([rows, from, to, alignCorners]) =>
      fc.constantFrom('nearest' as const, 'linear' as const, 'bicubic' as const).map((mode) =>
        made({
          kind: 'interpolate',
          arguments: { size: to, scale: null, mode, alignCorners },
          inputs: [numbers([rows, 2, ...from], 0)],
        }),
      ),
    ),
  einsum: fc.tuple(size, size, size, size).map(([b, i, j, k]) =>
    made({
      kind: 'einsum',
      arguments: { equation: 'bij,bjk->bki' },
      inputs: [numbers([b, i, j], 0), numbers([b, j, k], 1)],
    }),
  ),
  deviation: fc.tuple(size, fc.integer({ min: 2, max: 4 }), fc.constantFrom(0, 1)).map(([rows, count, correction]) =>
    made({
      kind: 'deviation',
      arguments: { axes: [1], keep: false, correction },
      inputs: [numbers([rows, count], 0)],
    }),
  ),
  logSumExp: fc
    .tuple(size, size, size)
    .map(([rows, a, b]) =>
      made({ kind: 'logSumExp', arguments: { axes: [1, 2], keep: true }, inputs: [numbers([rows, a, b], 0)] }),
    ),
  conv3d: fc
    .record({ depth: size, deep: size, stride: size, groups: fc.constantFrom(1, 2) })
    .map(({ depth, deep, stride, groups }) =>
      made({
        kind: 'conv3d',
        arguments: {
          inChannels: 2,
          outChannels: 2,
          kernel: [deep, 2, 1],
          stride: [stride, 1, 1],
          padding: [1, 0, 0],
          dilation: [1, 1, 1],
          groups,
        },
        inputs: [numbers([2, 2, depth + deep, 3, 2], 0)],
        parameters: { weight: numbers([2, 2 / groups, deep, 2, 1], 1), bias: numbers([2], 2) },
      }),
    ),
  fold: fc.tuple(size, size, size).map(([rows, kernel, more]) =>
    made({
      kind: 'fold',
      arguments: { kernel: [kernel, 1], stride: [1, 1], padding: [0, 0], dilation: [1, 1], size: [kernel + more, 2] },
      inputs: [numbers([rows, 2 * kernel, (more + 1) * 2], 0)],
    }),
  ),
  gridSample: fc
    .tuple(size, fc.tuple(size, size), fc.tuple(size, size), fc.constantFrom('zeros' as const, 'border' as const), fc.boolean())
    .map(([rows, from, to, padding, alignCorners]) =>
      made({
        kind: 'gridSample',
        arguments: { mode: 'bilinear', padding, alignCorners },
        inputs: [numbers([rows, 2, ...from], 0), numbers([rows, ...to, 2], 4)],
      }),
    ),
  localResponseNorm: fc.tuple(size, size, size, size).map(([rows, channels, length, window]) =>
    made({
      kind: 'localResponseNorm',
      arguments: { size: window, alpha: 0.5, beta: 0.75, k: 1 },
      inputs: [numbers([rows, channels, length], 0)],
    }),
  ),
};

/** Σ y · cos(0, 1, 2, …), as the gradients are taken of. */
const total = (y: ArrayLike<number>): number => Array.from(y).reduce((sum, value, i) => sum + value * Math.cos(i), 0);

/** The case with its first input moved by `by` along cos(0.7 + 2.3 i), the direction of the Hessian-vector products. */
function moved(each: Case, by: number): Case {
  const [first, ...rest] = each.inputs;
  if (!first) return each;
  return { ...each, inputs: [{ ...first, values: first.values.map((v, i) => v + by * Math.cos(0.7 + 2.3 * i)) }, ...rest] };
}

describe.each(libraries)('on random shapes the gradient is what central differences say, on %s', (library) => {
  const runtime = runtimeOn(library, { threads: 1 });
  test.each(Object.entries(uses))('%s', { timeout: 60_000 }, async (_, cases) => {
    await fc.assert(
      fc.asyncProperty(cases, async (each) => {
        const step = 1 / 64;
        const { gradients } = await evaluate(each, runtime);
        const gradient = gradients['input/0'] ?? [];
        const slope = Array.from(gradient).reduce((sum, g, i) => sum + g * Math.cos(0.7 + 2.3 * i), 0);
        const [ahead, behind] = [await evaluate(moved(each, step), runtime), await evaluate(moved(each, -step), runtime)];
        const difference = (total(ahead.output) - total(behind.output)) / (2 * step);
        const scale = Math.max(1, ...Array.from(gradient, Math.abs)) * Math.sqrt(gradient.length);
        expect(Math.abs(slope - difference)).toBeLessThan(4e-3 * scale);
      }),
      { numRuns: 6, seed: 7 },
    );
  });
});
