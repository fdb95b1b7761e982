import type { Run } from '../engine/twin';
import type { Probe } from './probeRows';
import type { Recorder } from './recorder';

/** Losses and accuracies on the probe rows. */
export interface ProbeLosses {
  readonly loss: number;
  readonly validationLoss: number | null;
  readonly accuracy: number | null;
}

export async function evaluate(probe: Probe, run: Run, recorder: Recorder): Promise<ProbeLosses> {
  const { loss, accuracy } = await probe.train.evaluate(run.theta);
  recorder.add('epochLoss', run.step, loss);
  if (accuracy !== null) recorder.add('accuracy', run.step, accuracy);
  const validation = probe.validation ? await probe.validation.evaluate(run.evaluated) : null;
  if (validation) {
    recorder.add('validationLoss', run.step, validation.loss);
    if (validation.accuracy !== null) recorder.add('validationAccuracy', run.step, validation.accuracy);
  }
  return { loss, validationLoss: validation?.loss ?? null, accuracy };
}
