import type { Machine } from '../../interpret/machine';

interface Phase {
  readonly training: boolean;
  /** A part of a model that trains is run as in inference. */
  readonly apart: boolean;
}

const phases = new WeakMap<Machine, Phase>();

/** True while a part of a Keras model is run as in training: by `fit`, or by a call with `training=True`. */
export const isTraining = (m: Machine): boolean => phases.get(m)?.training ?? false;

/** True in a part that stays in inference while the model around it trains. */
export const staysInInference = (m: Machine): boolean => phases.get(m)?.apart ?? false;

/** Runs a forward pass in training or in inference, as its caller says. */
export function inPhase<T>(m: Machine, training: boolean, run: () => T): T {
  const before = phases.get(m);
  phases.set(m, { training, apart: !training && (before?.training === true || before?.apart === true) });
  const result = run();
  if (before) phases.set(m, before);
  else phases.delete(m);
  return result;
}
