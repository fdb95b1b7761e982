import type { ModelGraph } from '../records/model/graph';
import type { Optimizer } from '../records/optimizer';
import type { ParameterView } from './twin';

/** A trained parameter: where it lies in the flat vector, and which of the optimizer's groups it belongs to. */
export interface TrainedParameter extends ParameterView {
  /** Index into the model's parameters. */
  readonly index: number;
  /** Index into the optimizer's groups. */
  readonly group: number;
}

/** A parameter that no step changes: not trainable, in no group of the optimizer, or out of the loss's reach. */
export interface FrozenParameter {
  readonly index: number;
  readonly name: string;
  readonly shape: readonly number[];
}

/** All parameters of the model, parted into the flat vector and the rest. */
export interface ParameterLayout {
  readonly trained: readonly TrainedParameter[];
  readonly frozen: readonly FrozenParameter[];
  readonly dim: number;
}

/**
 * Lays the trained parameters out in one vector, in the model's order. `reached` tells whether the loss
 * depends on parameter i: one it does not has no gradient in PyTorch and is skipped by every optimizer,
 * weight decay included.
 */
export function layOut(
  model: ModelGraph,
  optimizer: Optimizer,
  shapes: readonly (readonly number[])[],
  reached: (index: number) => boolean,
): ParameterLayout {
  const trained: TrainedParameter[] = [];
  const frozen: FrozenParameter[] = [];
  let offset = 0;
  model.parameters.forEach(({ name, trainable }, index) => {
    const shape = shapes[index] ?? [];
    const length = shape.reduce((product, size) => product * size, 1);
    const group = optimizer.groups.findIndex(({ parameters }) => parameters.includes(index));
    if (!trainable || group < 0 || !reached(index)) {
      frozen.push({ index, name, shape });
      return;
    }
    trained.push({ name, shape, offset, length, index, group });
    offset += length;
  });
  return { trained, frozen, dim: offset };
}
