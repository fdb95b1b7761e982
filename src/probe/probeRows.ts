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

function sample(rows: number, wanted: number, random: Random): Int32Array {
  if (wanted >= rows) return Int32Array.from({ length: rows }, (_, i) => i);
  return random.permutation(rows).slice(0, wanted).sort();
}
