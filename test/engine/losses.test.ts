import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { gradient } from '../../src/graph/differentiate';
import { sizeOf, type Tensor as GraphTensor } from '../../src/graph/operations';
import { lowerModel } from '../../src/engine/lowerModel';
import type { Runtime } from '../../src/engine/onnx/runtime';
import type { Tensor } from '../../src/records/dataset';
import type { LayerKind, Layers } from '../../src/records/model/layers';
import { here, ModelBuilder } from './experiments';
import { libraries, runtimeOn } from './onnx/runtimes';
import { relativeDistance } from './twins';

interface Dump {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly integer?: boolean;
}

interface Case {
  readonly name: string;
  readonly kind: LayerKind;
  readonly arguments: Layers[LayerKind];
  /** The first so many inputs are differentiated. */
  readonly trained: number;
  readonly inputs: readonly Dump[];
  readonly output: Dump;
  readonly gradients: readonly Dump[];
  readonly products: readonly Dump[];
}

const { cases } = JSON.parse(readFileSync(new URL('../reference/losses.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
};

describe.each(libraries)('every loss has the value, gradient and curvature it has in PyTorch, on %s', (library) => {
  const runtime = runtimeOn(library, { threads: 1 });
  test.each(cases.map((each) => [each.name, each] as const))('%s', async (_, each) => {
    const results = await evaluate(each, runtime);
    expectNear(results['y'], each.output);
    each.gradients.forEach((expected, i) => expectNear(results[`gradient ${i}`], expected));
    each.products.forEach((expected, i) => expectNear(results[`product ${i}`], expected));
  });
});

/** To float32's precision, in norm. */
function expectNear(actual: ArrayLike<number> | undefined, { values }: Dump): void {
  expect(actual).toHaveLength(values.length);
  if (values.every((value) => value === 0)) expect(Math.max(...Array.from(actual ?? [], Math.abs))).toBeLessThan(1e-6);
  else expect(relativeDistance(actual ?? [], values)).toBeLessThan(1e-5);
}

/** y; the gradients of f = Σ y · cos(0, 1, 2, …); the products of f's Hessian with sin(1, 2, 3, …). */
async function evaluate(each: Case, runtime: Runtime): Promise<Readonly<Record<string, ArrayLike<number>>>> {
  const model = new ModelBuilder();
  const inputs = each.inputs.map((_, index) => model.input(index));
  const y = model.call(each.kind, inputs, each.arguments);
  const finished = model.finish(y, model.call('sum', [y], { axes: null, keep: false }));
  const data = { inputs: each.inputs.map(tensorOf), targets: [] };
  const rows = each.inputs[0]?.shape[0] ?? 1;
  const lowered = lowerModel(finished, data, {}, { rows, batchNorm: 'eval', dropout: false, noise: false }, here);
  if (!lowered.ok) throw new Error(lowered.error.text);
  const { graph, values, data: leaves } = lowered.value;
  const output = values[y] as GraphTensor;
  const along = (tensor: GraphTensor, wave: (i: number) => number): GraphTensor =>
    graph.sum(
      graph.mul(
        tensor,
        graph.constant(
          Float32Array.from({ length: sizeOf(tensor.shape) }, (_, i) => wave(i)),
          tensor.shape,
        ),
      ),
    );
  const trained = leaves.slice(0, each.trained).map(({ tensor }) => tensor);
  const gradients = gradient(graph, along(output, Math.cos), trained);
  let place = 1;
  const slopes = gradients.map((tensor) => {
    const start = place;
    place += sizeOf(tensor.shape);
    return along(tensor, (i) => Math.sin(start + i));
  });
  const slope = slopes.reduce((sum, part) => graph.add(sum, part));
  const products = gradient(graph, slope, trained);
  const outputs = [
    { name: 'y', tensor: output },
    ...gradients.map((tensor, i) => ({ name: `gradient ${i}`, tensor })),
    ...products.map((tensor, i) => ({ name: `product ${i}`, tensor })),
  ];
  const compiled = await runtime.compile({ inputs: leaves, outputs });
  const feeds = Object.fromEntries(leaves.map(({ name }, i) => [name, tensorOf(each.inputs[i] as Dump).values]));
  const results = await compiled.run(feeds as Record<string, Float32Array | Int32Array>);
  compiled.dispose();
  return results as Readonly<Record<string, ArrayLike<number>>>;
}

function tensorOf({ shape, values, integer }: Dump): Tensor {
  return { shape, values: integer ? Int32Array.from(values) : Float32Array.from(values) };
}
