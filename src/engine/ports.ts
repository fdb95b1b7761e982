import type { Tensor } from '../graph/operations';
import { ancestors } from '../graph/traverse';
import type { LoweredModel } from './lowerModel';
import type { Port } from './onnx/runtime';
import { bufferPort, parameterPort, type TwinSetup } from './setup';

/** Named inputs of a model: parameters, data, running statistics and masks, those that `needed` are made of. */
export function portsOf(lowered: LoweredModel, setup: TwinSetup, needed: readonly Tensor[]): Port[] {
  const used = new Set(ancestors(needed));
  const parameters = setup.model.parameters.map((spec, index) => ({
    name: parameterPort(spec),
    tensor: lowered.parameters[index],
  }));
  const all = [
    ...parameters,
    ...lowered.data,
    ...lowered.buffers.map(({ name, tensor }) => ({ name: bufferPort(name), tensor })),
    ...lowered.dropouts.map(({ call, mask }) => ({ name: `dropout/${call}`, tensor: mask })),
  ];
  return all.filter((port): port is Port => port.tensor !== undefined && used.has(port.tensor));
}
