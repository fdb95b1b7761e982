import type { Machine } from '../interpret/machine';

const phases = new WeakMap<Machine, boolean>();

/** True while a part of a Keras model is run as in training: by `fit`, or by a call with `training=True`. */
export const isTraining = (m: Machine): boolean => phases.get(m) ?? false;

/** Runs a forward pass in training or in inference, as its caller says. */
export function inPhase<T>(m: Machine, training: boolean, run: () => T): T {
  const before = isTraining(m);
  phases.set(m, training);
  const result = run();
  phases.set(m, before);
  return result;
}
