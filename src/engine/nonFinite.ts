import { gradient } from '../graph/differentiate';
import { sizeOf, type Tensor } from '../graph/operations';
import type { ModelGraph } from '../records/model/graph';
import type { LoweredModel } from './lowerModel';
import type { Port } from './onnx/runtime';
import type { Objective } from './twin';

type Found = Awaited<ReturnType<Objective['findNonFinite']>>;

/** Results of all calls of the model (`value/I`), and the loss's gradient by each of them (`cotangent/I`). */
export function everyValue(lowered: LoweredModel, trained: readonly Tensor[]): readonly Port[] {
  const places = lowered.values.map((tensor, index) => ({ tensor, index })).filter(({ tensor }) => tensor.dtype === 'float32');
  // One at a time: a derivative stops at the tensors it is taken by.
  const by = (tensor: Tensor): Tensor => gradient(lowered.graph, lowered.loss, [tensor])[0] ?? lowered.graph.zerosLike(tensor);
  return [
    ...places.map(({ tensor, index }) => ({ name: `value/${index}`, tensor })),
    ...places.map(({ tensor, index }) => ({ name: `cotangent/${index}`, tensor: by(tensor) })),
    ...trained.map((tensor, i) => ({ name: `parameter/${i}`, tensor: by(tensor) })),
  ];
}

/** Room for each port's value. */
export function roomFor(ports: readonly Port[]): Record<string, Float32Array> {
  return Object.fromEntries(ports.map(({ name, tensor }) => [name, new Float32Array(sizeOf(tensor.shape))]));
}

/**
 * The first call whose result is not finite; if all are, the call through which the backward pass first goes wrong:
 * the gradient by its result is finite, that by one of its inputs or parameters is not.
 */
export function firstNonFinite(
  { nodes }: ModelGraph,
  values: Readonly<Record<string, Float32Array>>,
  trainedIndex: readonly number[],
): Found {
  const isBad = (name: string): boolean => values[name]?.some((value) => !Number.isFinite(value)) ?? false;
  for (const [index, node] of nodes.entries())
    if (isBad(`value/${index}`)) return { node: node.name, operation: node.kind, pass: 'forward' };
  for (const [index, node] of [...nodes.entries()].reverse()) {
    const ownParameters = Object.values(node.parameters).map((parameter) => `parameter/${trainedIndex.indexOf(parameter)}`);
    const arriving = [...node.inputs.map((input) => `cotangent/${input}`), ...ownParameters];
    if (arriving.some(isBad) && !isBad(`cotangent/${index}`)) return { node: node.name, operation: node.kind, pass: 'backward' };
  }
  return null;
}
