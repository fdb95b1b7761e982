import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/base/random';
import { initialise } from '../../src/engine/initialise';
import { lowerModel } from '../../src/engine/lowerModel';
import { gradient, hessianVector } from '../../src/graph/differentiate';
import { sizeOf } from '../../src/graph/operations';
import type { Tensor } from '../../src/records/dataset';
import { readUnit } from '../source/reading';
import { here } from './experiments';
import { libraries, runtimeOn } from './onnx/runtimes';
import { relativeDistance } from './twins';

interface Case {
  readonly name: string;
  readonly init: readonly string[];
  readonly forward: readonly string[];
  readonly parameters: Readonly<Record<string, readonly number[]>>;
  /** Mean and standard deviation of first values over a hundred modules. */
  readonly starts: Readonly<Record<string, readonly [number, number]>>;
  readonly loss: number;
  readonly gradient: readonly number[];
  /** Null where PyTorch has no second derivative. */
  readonly product: readonly number[] | null;
}

const casesOf = (name: string): readonly Case[] => {
  const text = readFileSync(new URL(`../reference/${name}.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly cases: readonly Case[] }).cases;
};
const cases = [...casesOf('recurrent'), ...casesOf('modules')];

/** The module of a case in a script that trains it. */
const scriptOf = ({ init, forward }: Pick<Case, 'init' | 'forward'>): string => `
import torch
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self):
        super().__init__()
${init.map((line) => `        ${line}`).join('\n')}
    def forward(self, x):
${forward.map((line) => `        ${line}`).join('\n')}
torch.manual_seed(0)
x = torch.randn(5, 6, 3)
y = torch.randn(5, 2)
model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    optimizer.zero_grad()
    loss = ((model(x) - y) ** 2).mean()
    loss.backward()
    optimizer.step()
`;

/** The fixed numbers of module_cases.py. */
function numbers(shape: readonly number[], seed: number, scale: number): Tensor {
  const values = Float32Array.from({ length: sizeOf(shape) }, (_, i) => {
    return Math.round(1000 * scale * Math.sin(1.7 * i + 0.3 + seed)) / 1000;
  });
  return { shape, values };
}

describe.each(libraries)(
  'a module has the loss, gradient and Hessian-vector product that it has in PyTorch, on %s',
  (library) => {
    const runtime = runtimeOn(library, { threads: 1 });
    test.each(cases.map((each) => [each.name, each] as const))('%s', async (_, each) => {
      const unit = readUnit(scriptOf(each));
      expect(unit.unread).toEqual([]);
      const { model } = unit;
      if (!model) throw new Error('The model was not read');
      expect(Object.fromEntries(model.parameters.map(({ name, shape }) => [name, shape]))).toEqual(each.parameters);
      const data = { inputs: [numbers([5, 6, 3], 1, 1)], targets: [numbers([5, 2], 2, 1)] };
      const lowered = lowerModel(model, data, {}, { rows: 5, batchNorm: 'train', dropout: false }, here);
      if (!lowered.ok) throw new Error(lowered.error.text);
      const { graph, loss, parameters, data: sources } = lowered.value;
      const tangents = parameters.map(({ shape }, i) => graph.input(`tangent/${i}`, shape));
      const derivatives = gradient(graph, loss, parameters);
      const products = hessianVector(graph, loss, parameters, tangents);
      const compiled = await runtime.compile({
        inputs: [
          ...sources,
          ...parameters.map((tensor, i) => ({ name: `parameter/${i}`, tensor })),
          ...tangents.map((tensor, i) => ({ name: `tangent/${i}`, tensor })),
        ],
        outputs: [
          { name: 'loss', tensor: loss },
          ...derivatives.map((tensor, i) => ({ name: `gradient/${i}`, tensor })),
          ...products.map((tensor, i) => ({ name: `product/${i}`, tensor })),
        ],
      });
      let place = 1;
      const directions = parameters.map(({ shape }): [string, Float32Array] => {
        const start = place;
        place += sizeOf(shape);
        return ['', Float32Array.from({ length: sizeOf(shape) }, (_value, i) => Math.cos(start + i))];
      });
      const results = await compiled.run({
        'input/0': data.inputs[0]?.values as Float32Array,
        'target/0': data.targets[0]?.values as Float32Array,
        ...Object.fromEntries(
          parameters.map(({ shape }, i) => [`parameter/${i}`, numbers(shape, i, 0.7).values as Float32Array]),
        ),
        ...Object.fromEntries(directions.map(([, values], i) => [`tangent/${i}`, values])),
      });
      compiled.dispose();
      const all = (what: string): number[] => parameters.flatMap((_tensor, i) => [...(results[`${what}/${i}`] as Float32Array)]);
      expect(Math.abs((results['loss']?.[0] ?? NaN) / each.loss - 1)).toBeLessThan(1e-6);
      expect(relativeDistance(all('gradient'), each.gradient)).toBeLessThan(2e-6);
      if (each.product !== null) expect(relativeDistance(all('product'), each.product)).toBeLessThan(1e-5);
    });
  },
);

describe('parameters start as they do in PyTorch', () => {
  test.each(cases.map((each) => [each.name, each] as const))('%s', (_, each) => {
    const parameters = readUnit(scriptOf(each)).model?.parameters ?? [];
    const shapes = parameters.map(({ shape }) => shape.map((size) => (typeof size === 'number' ? size : NaN)));
    const random = new Random(3);
    for (const [i, { name, initializer }] of parameters.entries()) {
      const shape = shapes[i] ?? [];
      const values = Array.from({ length: 100 }, () => {
        const out = new Float32Array(sizeOf(shape));
        initialise(out, initializer, { shape, shapeOf: (index) => shapes[index] ?? [] }, random);
        return Array.from(out);
      }).flat();
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
      const [expectedMean, expectedDeviation] = each.starts[name] ?? [NaN, NaN];
      // Both are drawn: five standard errors of the difference.
      expect(Math.abs(mean - expectedMean), name).toBeLessThanOrEqual((7 * expectedDeviation) / Math.sqrt(values.length));
      expect(Math.abs(deviation - expectedDeviation), name).toBeLessThanOrEqual(
        (5 * expectedDeviation) / Math.sqrt(values.length),
      );
    }
  });
});
