import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileKernel } from '../../../src/engine/kernel/graph/graphKernel';
import { lowerModel } from '../../../src/engine/lowerModel';
import type { Port } from '../../../src/engine/onnx/runtime';
import { hessianVector } from '../../../src/graph/differentiate';
import type { Tensor } from '../../../src/graph/operations';
import { sizeOf } from '../../../src/graph/operations';
import { packResiduals, residualsOf } from '../../../src/graph/residuals';
import { here } from '../experiments';
import { feeds, modelOf, portsFor, type Case } from '../layerCase';
import { relativeDistance, runtime } from '../twins';

const text = readFileSync(new URL('../../reference/layers.json', import.meta.url), 'utf8');
/** All layers that have numbers to differentiate by. */
const cases = (JSON.parse(text) as { readonly cases: readonly Case[] }).cases.filter(
  ({ inputs, parameters }) => inputs.some(({ integer }) => !integer) || Object.keys(parameters).length > 0,
);

/** Products with the Hessian of Σ w y²: in one program of the runtime's, and split, with kernels where they can be. */
async function productsOf(each: Case) {
  const model = modelOf(each);
  const data = {
    inputs: each.inputs.map(({ shape, values, integer }) => ({
      shape,
      values: integer ? Int32Array.from(values) : Float32Array.from(values),
    })),
    targets: [],
  };
  const lowered = lowerModel(
    model,
    data,
    {},
    { rows: each.inputs[0]?.shape[0] ?? 1, batchNorm: each.mode, dropout: false },
    here,
  );
  if (!lowered.ok) throw new Error(lowered.error.text);
  const { graph, values, parameters } = lowered.value;
  const y = graph.cast(values[values.length - 2] as Tensor, 'float32');
  const weights = graph.constant(
    Float32Array.from({ length: sizeOf(y.shape) }, (_, i) => 1 + Math.cos(i)),
    y.shape,
  );
  const loss = graph.sum(graph.mul(weights, graph.mul(y, y)));
  const leaves = [...lowered.value.data.map(({ tensor }) => tensor).filter(({ dtype }) => dtype === 'float32'), ...parameters];
  const tangents = leaves.map(({ shape }, i) => graph.input(`tangent/${i}`, shape));
  const products = hessianVector(graph, loss, leaves, tangents);
  const outputs: Port[] = products.map((tensor, i) => ({ name: `product/${i}`, tensor }));
  const tangentPorts = tangents.map((tensor, i) => ({ name: `tangent/${i}`, tensor }));
  const directions = Object.fromEntries(
    tangents.map(({ shape }, k) => [
      `tangent/${k}`,
      Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.cos(0.7 + 2.3 * i + k)),
    ]),
  );
  const given = feeds(each);

  const whole = await runtime.compile({ inputs: [...portsFor(model, lowered.value, products), ...tangentPorts], outputs });
  const expected = await whole.run({ ...given, ...directions });
  whole.dispose();

  const cut = packResiduals(graph, residualsOf(products, tangents));
  const residuals = cut.filter(({ op }) => op !== 'input').map((tensor, i) => ({ name: `residual/${i}`, tensor }));
  const sources = portsFor(model, lowered.value, cut);
  const first = {
    inputs: portsFor(
      model,
      lowered.value,
      residuals.map(({ tensor }) => tensor),
    ),
    outputs: residuals,
  };
  const second = { inputs: [...sources.filter(({ tensor }) => cut.includes(tensor)), ...residuals, ...tangentPorts], outputs };
  const kernels = [compileKernel(first), compileKernel(second)];
  const primal = kernels[0] ?? (residuals.length > 0 ? await runtime.compile(first) : null);
  const tangent = kernels[1] ?? (await runtime.compile(second));
  const kept = (await primal?.run(given)) ?? {};
  const found = await tangent.run({ ...given, ...kept, ...directions });
  primal?.dispose();
  tangent.dispose();
  return { expected, found, isKernel: kernels[1] !== null };
}

describe('products with the Hessian of one layer', () => {
  const asKernels = new Set<string>();

  test.each(cases.map((each) => [each.name, each] as const))('%s: a kernel gives what the runtime gives', async (_, each) => {
    const { expected, found, isKernel } = await productsOf(each);
    if (isKernel) asKernels.add(each.kind);
    const joined = (results: typeof expected): number[] =>
      Object.keys(expected).flatMap((name) => Array.from(results[name] ?? []));
    const reference = joined(expected);
    expect(joined(found)).toHaveLength(reference.length);
    if (reference.some((value) => value !== 0)) expect(relativeDistance(joined(found), reference)).toBeLessThan(4e-6);
    else expect(joined(found).every((value) => value === 0)).toBe(true);
  });

  test('the layers of small nets are kernels', () => {
    expect([...asKernels]).toEqual(
      expect.arrayContaining([
        ...['linear', 'tanh', 'sigmoid', 'relu', 'gelu', 'softmax', 'batchNorm', 'layerNorm', 'add', 'mean'],
        ...['crossEntropy', 'bceWithLogits', 'mse'],
      ]),
    );
  });
});
