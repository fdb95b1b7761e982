import { plainCall, type Call } from '../../interpret/call';
import { dataStep } from '../../interpret/tensors';
import type { KerasModel, KerasTensor } from '../../values/estimators';
import { unknown, type Value } from '../../values/value';
import { flowThrough, isNodes } from './graph';

/** The Inputs that a tensor of the functional form comes from. */
function inputsOf(tensor: KerasTensor): KerasTensor[] {
  const found: KerasTensor[] = [];
  const seen = new Set<KerasTensor>();
  const visit = (one: KerasTensor): void => {
    if (seen.has(one) || seen.size > 1_000) return;
    seen.add(one);
    if (one.part === null) found.push(one);
    one.inputs.forEach(visit);
  };
  visit(tensor);
  return found;
}

/**
 * The sizes of a tensor of the functional form, the rows unknown: what the layers up to it make of inputs of the given sizes.
 * Unknown when a layer or an input is not read.
 */
export function symbolicShape(tensor: KerasTensor, call: Call): Value {
  if (tensor.part === null) return tensor.shape ? { kind: 'shape', of: tensor, sizes: [null, ...tensor.shape] } : unknown;
  const m = call.machine;
  const inputs = inputsOf(tensor);
  const nodes = inputs.flatMap(({ shape, range }) => {
    if (!shape) return [];
    const sample = dataStep(m, 'filled', { shape: [1, ...shape.map((size) => size ?? 1)], value: 0 }, [], range);
    return [m.trace.source(sample.step, null, [null, ...shape], false, range)];
  });
  if (nodes.length !== inputs.length) return unknown;
  const model: KerasModel = {
    kind: 'kerasModel',
    parts: [],
    inputs,
    outputs: [tensor],
    instance: null,
    range: tensor.range,
    compiled: null,
  };
  const flow = flowThrough(m, model, nodes, plainCall(call, []));
  const shape = isNodes(flow) ? flow[0]?.shape : null;
  return shape ? { kind: 'shape', of: tensor, sizes: [null, ...shape.slice(1)] } : unknown;
}
