import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/base/random';
import { createRuntime } from '../../../src/engine/onnx/backend';
import { findBlock } from '../../../src/engine/onnx/blocked';
import { buildModel } from '../../../src/engine/onnx/program';
import type { Library } from '../../../src/engine/onnx/session';
import { gradient } from '../../../src/graph/differentiate';
import { Graph } from '../../../src/graph/graph';
import { sizeOf, type ConvGeometry } from '../../../src/graph/operations';
import { evaluate } from '../../graph/evaluate';

const still: ConvGeometry = { strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], groups: 1 };

/** Convolutions whose channels may lie in blocks of 4, 8 or 16 on one machine or another. */
const cases: readonly {
  name: string;
  x: readonly number[];
  kernels: readonly number[];
  geometry: ConvGeometry;
  operators: readonly string[];
}[] = [
  {
    name: 'blocks on both sides',
    x: [2, 32, 6, 5],
    kernels: [16, 32, 3, 3],
    geometry: still,
    operators: ['ReorderInput', 'ReorderOutput'],
  },
  {
    name: 'steps, holes and uneven margins',
    x: [2, 16, 9, 8],
    kernels: [32, 16, 3, 2],
    geometry: { strides: [2, 1], pads: [2, 0, 1, 1], dilations: [1, 2], groups: 1 },
    operators: ['ReorderInput', 'ReorderOutput'],
  },
  { name: 'few channels into blocks', x: [2, 3, 7, 7], kernels: [16, 3, 5, 5], geometry: still, operators: ['ReorderOutput'] },
  {
    name: 'each channel for itself',
    x: [2, 16, 6, 6],
    kernels: [16, 1, 3, 3],
    geometry: { ...still, groups: 16 },
    operators: ['ReorderInput', 'ReorderOutput'],
  },
  {
    name: 'large kernels, whose gradient by the planes turns them',
    x: [1, 16, 8, 8],
    kernels: [16, 16, 5, 5],
    geometry: { ...still, pads: [2, 2, 2, 2] },
    operators: ['ReorderInput', 'ReorderOutput'],
  },
  { name: 'channels that fill no block', x: [2, 5, 6, 6], kernels: [7, 5, 3, 3], geometry: still, operators: [] },
  {
    name: 'groups of several channels',
    x: [2, 32, 6, 6],
    kernels: [32, 16, 3, 3],
    geometry: { ...still, groups: 2 },
    operators: [],
  },
];

describe('convolutions on blocks of channels', () => {
  test.each(cases)('$name: result and both gradients as on plain planes', async ({ x, kernels, geometry }) => {
    const g = new Graph();
    const inputs = [g.input('x', x), g.input('kernels', kernels)] as const;
    const y = g.conv(...inputs, geometry);
    const direction = g.input('direction', y.shape);
    const outputs = [y, ...gradient(g, g.sum(g.mul(g.tanh(y), direction)), inputs)];
    const random = new Random(sizeOf(x));
    const values = Object.fromEntries(
      [...inputs, direction].map(({ shape }, i) => [
        ['x', 'kernels', 'direction'][i] ?? '',
        Float32Array.from({ length: sizeOf(shape) }, () => 0.3 * random.normal()),
      ]),
    );
    const expected = evaluate(outputs, values);
    const program = await createRuntime().compile({
      inputs: [...inputs, direction].map((tensor, i) => ({ name: ['x', 'kernels', 'direction'][i] ?? '', tensor })),
      outputs: outputs.map((tensor, i) => ({ name: `${i}`, tensor })),
    });
    const found = await program.run(values);
    program.dispose();
    for (const [i, wanted] of expected.entries()) {
      const norm = Math.hypot(...wanted);
      const apart = Math.hypot(...wanted.map((value, place) => value - (found[`${i}`]?.[place] ?? NaN)));
      expect(apart / norm).toBeLessThan(2e-6);
    }
  });

  test.each(cases)('$name: emitted as said for blocks of 16', ({ x, kernels, geometry, operators }) => {
    const g = new Graph();
    const inputs = [g.input('x', x), g.input('kernels', kernels)] as const;
    const y = g.conv(...inputs, geometry);
    const program = {
      inputs: inputs.map((tensor, i) => ({ name: `${i}`, tensor })),
      outputs: [{ name: 'y', tensor: y }],
    };
    const text = (block: number | null): string => Buffer.from(buildModel(program, block).bytes).toString('latin1');
    expect(['ReorderInput', 'ReorderOutput'].filter((name) => text(16).includes(name))).toEqual(operators);
    expect(text(null)).not.toContain('nchwc');
  });

  test('a library that has no such kernels, or that errs, gets plain convolutions', async () => {
    const refusing: Library = { name: 'none', mayBlock: true, open: () => Promise.reject(new Error('no such operator')) };
    expect(await findBlock(refusing)).toBeNull();
    const wrong: Library = {
      name: 'wrong',
      mayBlock: true,
      // Its first block seems to hold 16 channels; afterwards every call gives other numbers.
      open: (() => {
        let calls = 0;
        return () => {
          const values = Float32Array.from({ length: 384 }, (_, i) => (calls === 0 ? Number(i === 16) : Math.cos(i * calls)));
          calls++;
          const session = {
            bind: () => () => undefined,
            run: (_: unknown, [name = '']: readonly string[]) => Promise.resolve({ [name]: values }),
            release: () => undefined,
          };
          return Promise.resolve(session);
        };
      })(),
    };
    expect(await findBlock(wrong)).toBeNull();
  });
});
