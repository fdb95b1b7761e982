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
  return recordLosses(probe, run, recorder, await probe.train.evaluate(run.theta));
}

/** Records what was seen of the training rows, and evaluates the validation rows. */
export async function recordLosses(
  probe: Probe,
  run: Run,
  recorder: Recorder,
  { loss, accuracy }: Pick<ProbeLosses, 'loss' | 'accuracy'>,
): Promise<ProbeLosses> {
  recorder.add('epochLoss', run.step, loss);
  if (accuracy !== null) recorder.add('accuracy', run.step, accuracy);
  const validation = probe.validation ? await probe.validation.evaluate(run.evaluated) : null;
  if (validation) {
    recorder.add('validationLoss', run.step, validation.loss);
    if (validation.accuracy !== null) recorder.add('validationAccuracy', run.step, validation.accuracy);
  }
  return { loss, validationLoss: validation?.loss ?? null, accuracy };
}
