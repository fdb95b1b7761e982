import type { Reference } from '../../src/service/comparison/reference';
import { distance } from '../../src/service/comparison/sketch';
import type { TakenRun } from '../../src/service/comparison/takenRun';

/** PyTorch's float64 run, taken at another time or elsewhere. */
export function runOfReference({ loss, norms, rates, tensors }: Reference): TakenRun {
  return {
    loss,
    norms: (parameter) => norms[parameter] ?? [],
    rate: (step, group) => rates.filter(([first]) => first !== undefined && first <= step).at(-1)?.[group + 1],
    difference: (tensor, { sketch: exact }) => distance(tensors[tensor]?.sketch ?? [], exact),
  };
}
