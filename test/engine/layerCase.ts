import { expect } from 'vitest';
import { gradient, hessianVector } from '../../src/graph/differentiate';
import type { Tensor as GraphTensor } from '../../src/graph/operations';
import { sizeOf } from '../../src/graph/operations';
import { lowerModel, type LoweredModel } from '../../src/engine/lowerModel';
import type { Runtime } from '../../src/engine/onnx/runtime';
import { portsOf } from '../../src/engine/ports';
import type { TwinSetup } from '../../src/engine/setup';
import type { Tensor } from '../../src/records/dataset';
import type { ModelGraph } from '../../src/records/model/graph';
import type { LayerKind, Layers } from '../../src/records/model/layers';
import { here, ModelBuilder } from './experiments';
import { runtime } from './twins';

/** A tensor in a reference file. */
export interface Dump {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly integer?: boolean;
}

/** A layer, what goes into it, and what PyTorch makes of it. */
export interface Case {
  readonly name: string;
  readonly kind: LayerKind;
  readonly arguments: Layers[LayerKind];
  readonly mode: 'train' | 'eval';
  readonly inputs: readonly Dump[];
  readonly parameters: Readonly<Record<string, Dump>>;
  readonly buffers?: Readonly<Record<string, Dump>>;
  readonly output: Dump;
  readonly gradients: Readonly<Record<string, Dump>>;
  /** Of Σ y · cos(0, 1, 2, …), with each leaf's direction cos(0.7 + 2.3 i). */
  readonly hessianVector?: Readonly<Record<string, Dump>>;
}

/** To float32's precision, for the size of the numbers at hand. */
export function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  const scale = Math.max(0.1, ...expected.map(Math.abs));
  expected.forEach((value, i) =>
    expect(Math.abs((actual[i] as number) - value), `element ${i}: ${actual[i]} for ${value}`).toBeLessThan(1e-5 * scale),
  );
}

/** What our layer makes of a case. */
export interface Evaluated {
  readonly output: ArrayLike<number>;
  readonly gradients: Readonly<Record<string, ArrayLike<number>>>;
  readonly hessianVector: Readonly<Record<string, ArrayLike<number>>>;
}

/** The layer's output y, and the derivatives of Σ y · cos(0, 1, 2, …). */
export async function evaluate(each: Case, on: Runtime = runtime): Promise<Evaluated> {
  const model = modelOf(each);
  const data = { inputs: each.inputs.map(tensorOf), targets: [] };
  const rows = each.inputs[0]?.shape[0] ?? 1;
  const lowered = lowerModel(model, data, {}, { rows, batchNorm: each.mode, dropout: false }, here);
  if (!lowered.ok) throw new Error(lowered.error.text);
  const { graph, values, parameters } = lowered.value;
  const y = values[values.length - 2] as GraphTensor;
  const weights = Float32Array.from({ length: sizeOf(y.shape) }, (_, i) => Math.cos(i));
  const total = graph.sum(graph.mul(graph.cast(y, 'float32'), graph.constant(weights, y.shape)));
  const leaves = new Map<string, GraphTensor>();
  for (const { name, tensor } of lowered.value.data) if (tensor.dtype === 'float32') leaves.set(name, tensor);
  model.parameters.forEach(({ name }, i) => leaves.set(name.replace(/^layer\./, ''), parameters[i] as GraphTensor));
  const derivatives = gradient(graph, total, [...leaves.values()]);
  const directions = [...leaves.values()].map(({ shape }) =>
    graph.constant(
      Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.cos(0.7 + 2.3 * i)),
      shape,
    ),
  );
  const products = hessianVector(graph, total, [...leaves.values()], directions);
  const outputs = [
    { name: 'y', tensor: y },
    ...[...leaves.keys()].flatMap((name, i) => [
      { name: `gradient ${name}`, tensor: derivatives[i] as GraphTensor },
      { name: `product ${name}`, tensor: products[i] as GraphTensor },
    ]),
  ];
  const compiled = await on.compile({
    inputs: portsFor(
      model,
      lowered.value,
      outputs.map(({ tensor }) => tensor),
    ),
    outputs,
  });
  const results = await compiled.run(feeds(each));
  compiled.dispose();
  const named = (kind: string): Evaluated['gradients'] =>
    Object.fromEntries([...leaves.keys()].map((name) => [name, results[`${kind} ${name}`] ?? []]));
  return { output: results['y'] ?? [], gradients: named('gradient'), hessianVector: named('product') };
}

/** Inputs (as a parameter where the first axis is not the rows), the layer, and a sum in place of a loss. */
export function modelOf(each: Case): ModelGraph {
  const model = new ModelBuilder();
  const rows = each.inputs[0]?.shape[0];
  const inputs = each.inputs.map(({ shape }, index) => {
    if (shape[0] === rows) return model.input(index);
    const value = model.parameter(`input/${index}`, shape, { kind: 'constant', value: 0 });
    return model.call('parameter', [], {}, { parameters: { value } });
  });
  const parameters = Object.entries(each.parameters).map(([role, { shape }]) => {
    return [role, model.parameter(`layer.${role}`, shape, { kind: 'constant', value: 0 })] as const;
  });
  const y = model.call(each.kind, inputs, each.arguments, { name: 'layer', parameters: Object.fromEntries(parameters) });
  return model.finish(y, model.call('sum', [y], { axes: null, keep: false }));
}

/** Ports of the model that `needed` reads. */
export function portsFor(model: ModelGraph, lowered: LoweredModel, needed: readonly GraphTensor[]): ReturnType<typeof portsOf> {
  return portsOf(lowered, { model } as TwinSetup, needed);
}

/** The values of a case by port. */
export function feeds(each: Case): Record<string, Float32Array | Int32Array> {
  const named = each.inputs.flatMap((dump, k) =>
    [`input/${k}`, `parameter/input/${k}`].map((port) => [port, tensorOf(dump).values] as const),
  );
  const parameters = Object.entries(each.parameters).map(
    ([role, dump]) => [`parameter/layer.${role}`, tensorOf(dump).values] as const,
  );
  const buffers = Object.entries(each.buffers ?? {}).map(
    ([name, dump]) => [`buffer/layer.${name}`, tensorOf(dump).values] as const,
  );
  const all: readonly (readonly [string, Tensor['values']])[] = [...named, ...parameters, ...buffers];
  return Object.fromEntries(all) as Record<string, Float32Array | Int32Array>;
}

function tensorOf({ shape, values, integer }: Dump): Tensor {
  return { shape, values: integer ? Int32Array.from(values) : Float32Array.from(values) };
}
