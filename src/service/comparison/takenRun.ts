import type { NpzArray } from './npz';
import type { ReferenceTensor } from './reference';
import { distance, sketch } from './sketch';

/** A run as it is compared with a reference. */
export interface TakenRun {
  readonly loss: ArrayLike<number>;
  /** Norms of a parameter's gradient, step by step, before clipping. */
  norms(parameter: string): ArrayLike<number>;
  rate(step: number, group: number): number | undefined;
  /** Norm of the difference between a final tensor and the reference's: exact, or estimated from its sketch. */
  difference(tensor: string, reference: ReferenceTensor): number;
}

/** Our run. `differences` are the norms of final differences where they are known exactly. */
export function runOfTrace(arrays: ReadonlyMap<string, NpzArray>, differences: Readonly<Record<string, number>> = {}): TakenRun {
  const column = (name: string): ArrayLike<number> => arrays.get(name)?.values ?? [];
  const groups = arrays.get('lr')?.shape[1] ?? 1;
  return {
    loss: column('loss'),
    norms: (parameter) => column(`grad_norm/${parameter}`),
    rate: (step, group) => column('lr')[step * groups + group],
    difference: (tensor, { sketch: exact }) => differences[tensor] ?? distance(sketch(column(`final/${tensor}`)), exact),
  };
}
