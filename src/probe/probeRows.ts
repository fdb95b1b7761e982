import { Random } from '../base/random';
import type { Objective, Twin } from '../engine/twin';
import type { Plan } from './plan';

/** The fixed rows on which a run is looked at, and the losses over them. */
export interface Probe {
  readonly train: Objective;
  readonly validation: Objective | null;
  dispose(): void;
}

/** Chooses the probe rows: all of them when the plan allows it, else a seeded sample. */
export function openProbe(twin: Twin, plan: Plan, seed: number): Probe {
  const random = new Random(seed).fork('probe rows');
  const train = twin.objective('train', sample(twin.trainRows, plan.probeRows, random));
  const validation =
    twin.validationRows > 0 ? twin.objective('validation', sample(twin.validationRows, plan.validationRows, random)) : null;
  return {
    train,
    validation,
    dispose: () => {
      train.dispose();
      validation?.dispose();
    },
  };
}

/**
 * Rows in a random order, also when all are taken: batch norm sees them in chunks, and files are often sorted by class.
 */
function sample(rows: number, wanted: number, random: Random): Int32Array {
  return random.permutation(rows).slice(0, Math.min(rows, wanted));
}
