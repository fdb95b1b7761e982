import { sizeOf, type TensorData } from '../graph/operations';
import type { ModelGraph, ModelNode } from '../records/model/graph';
import type { LoweredModel } from './lowerModel';
import type { Port } from './onnx/runtime';
import { needsInput, unitAxis, UnitSums } from './units';

/** One activation's values over the rows of a chunk. */
export interface UnitLayer {
  readonly index: number;
  readonly node: ModelNode;
  readonly units: number;
  /** Elements of one unit that lie side by side. */
  readonly inner: number;
  /** What goes in; null where the slope does not ask for it. */
  readonly before: Float32Array | null;
  readonly after: Float32Array;
}

/** The values that tell of the units of the activations `nodes`: what comes out, and what goes in where the slope asks for it. */
export function activationPorts(model: ModelGraph, nodes: readonly number[], { values }: LoweredModel): Port[] {
  return nodes.flatMap((index) => {
    const node = model.nodes[index];
    const [before, after] = [values[node?.inputs[0] ?? -1], values[index]];
    if (node === undefined || before?.dtype !== 'float32' || after?.dtype !== 'float32') return [];
    const out = { name: `after/${index}`, tensor: after };
    return needsInput(node) ? [{ name: `before/${index}`, tensor: before }, out] : [out];
  });
}

/** Where those values lie in `room`, by activation. */
export function unitLayers(
  model: ModelGraph,
  nodes: readonly number[],
  { values }: LoweredModel,
  room: Readonly<Record<string, TensorData>>,
): UnitLayer[] {
  return nodes.flatMap((index) => {
    const [node, after] = [model.nodes[index], room[`after/${index}`]];
    const shape = values[index]?.shape ?? [];
    if (node === undefined || !(after instanceof Float32Array)) return [];
    const axis = unitAxis(model, index, shape.length);
    const before = room[`before/${index}`];
    return [
      {
        index,
        node,
        units: shape[axis] ?? 1,
        inner: sizeOf(shape.slice(axis + 1)),
        before: before instanceof Float32Array ? before : null,
        after,
      },
    ];
  });
}

/** Adds the values of a chunk to the sums of each activation. */
export function addUnits(sums: Map<number, UnitSums>, layers: readonly UnitLayer[]): void {
  for (const { index, node, units, inner, before, after } of layers) {
    const sum = sums.get(index) ?? new UnitSums(node, units);
    sums.set(index, sum);
    sum.add(before, after, inner);
  }
}
