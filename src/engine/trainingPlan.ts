import type { Schedule } from '../records/optimizer';
import { batchesPerEpoch, type BatchPlan } from './batches';
import type { OptimizerChanges } from './optimizerState';
import { stepsOfEpoch, stepsOfEpochs } from './pace';
import type { TrainableExperiment } from './setup';
import type { RunSettings } from './twin';

/** The counted course of a run. */
export interface TrainingPlan {
  readonly batches: BatchPlan;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly changes: OptimizerChanges;
  /** Length of this run over the script's, in a schedule's ticks. */
  readonly scheduleScale: (per: Schedule['per']) => number;
  /** Rows of a batch that go through the program together where the whole does not fit into memory; null: all. */
  readonly partRows: number | null;
}

/** The run that the script asks for, with `settings` in place of its own numbers. */
export function planRun(
  { batches, loop }: TrainableExperiment,
  trainRows: number,
  settings: Partial<RunSettings> = {},
): TrainingPlan {
  const plan = (size: number | undefined): BatchPlan => {
    const sampling = batches.sampling;
    // Whole batches only, and none fits: then PyTorch makes no batch at all.
    const batchSize = sampling === 'epochs' && batches.dropLast ? (size ?? trainRows) : Math.min(trainRows, size ?? trainRows);
    const taken = sampling === 'epochs' ? { every: loop.takenEvery, from: loop.takenFrom } : {};
    return { sampling, rows: trainRows, batchSize, shuffle: batches.shuffle.value, dropLast: batches.dropLast, ...taken };
  };
  const script = plan(batches.sampling === 'full' ? undefined : batches.batchSize?.value);
  const own = batches.sampling === 'full' && settings.batchSize === undefined ? script : resized(script, settings.batchSize);
  const stepsPerEpoch = stepsOfEpoch(loop, batchesPerEpoch(own));
  const scriptSteps = loop.steps?.value ?? stepsOfEpochs(loop, batchesPerEpoch(script), loop.epochs.value);
  const ownSteps = loop.steps?.value ?? stepsOfEpochs(loop, batchesPerEpoch(own), loop.epochs.value);
  const totalSteps = settings.totalSteps ?? ownSteps;
  return {
    batches: own,
    stepsPerEpoch,
    totalSteps,
    changes: { learningRate: settings.learningRate, momentum: settings.momentum },
    scheduleScale: (per) => (per === 'batch' ? totalSteps / scriptSteps : totalSteps / ownSteps),
    partRows: null,
  };
}

/** The plan with another batch size: a full batch that gets a size is drawn in shuffled epochs. */
function resized(plan: BatchPlan, batchSize: number | undefined): BatchPlan {
  if (batchSize === undefined) return plan;
  const size = Math.max(1, Math.min(plan.rows, Math.round(batchSize)));
  if (plan.sampling !== 'full') return { ...plan, batchSize: size };
  return size >= plan.rows ? plan : { ...plan, sampling: 'epochs', shuffle: true, dropLast: false, batchSize: size };
}
