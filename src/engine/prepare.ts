import { fail, ok, type Result } from '../base/result';
import { ancestors } from '../graph/traverse';
import { bindSize } from '../graph/size';
import type { Dataset } from '../records/dataset';
import type { Experiment } from '../records/experiment';
import type { Reason } from '../records/source';
import { batchesPerEpoch, lastBatchRows, type BatchPlan } from './batches';
import type { IndexCheck } from './layers/lowering';
import { lowerModel, type LoweredModel, type LoweringMode } from './lowerModel';
import { layOut } from './parameters';
import { boundSchedules, tableThatEnds } from './schedules/bound';
import { rowTensors, type RowTensor } from './rows';
import type { BufferSpec, TrainableExperiment, TwinSetup } from './setup';
import { stepsOfEpoch } from './pace';
import { planRun } from './trainingPlan';
import { withoutIgnored } from './withoutIgnored';

/** Everything about the Experiment on this Dataset that needs no compiling; a Reason where it does not fit. */
export function prepare(experiment: Experiment, dataset: Dataset): Result<TwinSetup, Reason> {
  const parts = trainableParts(experiment);
  if (!parts.ok) return parts;
  const bound = boundSchedules(parts.value.schedules, dataset);
  if (!bound.ok) return bound;
  const trainable = { ...parts.value, schedules: bound.value };
  const trainRows = dataset.train.rows.length;
  if (trainRows === 0) return fail({ text: 'The training data hold no rows.', range: trainable.batches.range });
  const { batches, totalSteps, stepsPerEpoch } = planRun(trainable, trainRows);
  const beyond = tableThatEnds(bound.value, { batch: totalSteps, epoch: totalSteps / stepsPerEpoch });
  if (beyond !== null) return fail(beyond);
  const tooFew = checkBatches(trainable, batches, totalSteps);
  if (tooFew !== null) return fail(tooFew);
  const lowered = lowerShapes(trainable, dataset, batches);
  if (!lowered.ok) return lowered;
  const layout = layoutOf(trainable, lowered.value);
  if (layout.dim === 0)
    return fail({ text: 'No parameter that the loss depends on is given to the optimizer.', range: trainable.range });
  const train = rowTensors(dataset.train);
  const validation = dataset.validation === null ? [] : rowTensors(dataset.validation);
  const outOfRange = checkIndices(lowered.value.indexChecks, [...train, ...validation]);
  if (outOfRange !== null) return fail(outOfRange);
  return ok({
    ...trainable,
    model: withoutIgnored(trainable.model, lowered.value.indexChecks, [...train, ...validation]),
    dataset,
    layout,
    train,
    validation,
    trainRows,
    validationRows: dataset.validation?.rows.length ?? 0,
    buffers: bufferSpecs(trainable, dataset),
  });
}

/** The parts that training needs; a Reason for the first one that is missing or was not read. */
export function trainableParts(experiment: Experiment): Result<TrainableExperiment, Reason> {
  const { model, optimizer, batches, loop, schedules, unit } = experiment;
  // Rows are given here, wherever the script has its own from.
  const unread = experiment.unread.find(({ missing }) => missing?.kind !== 'rows');
  if (unread !== undefined) return fail(unread);
  const missing = (part: string): Result<never, Reason> => fail({ text: `The ${part} could not be read.`, range: unit.range });
  if (model === null) return missing('model');
  if (optimizer === null) return missing('optimizer');
  if (batches === null) return missing('batches');
  if (loop === null) return missing('training loop');
  if (model.loss === null) return missing('loss');
  return ok({ experiment, model, optimizer, batches, loop, schedules, range: unit.range });
}

/** Why the script itself would stop at its batches or never take a step. */
function checkBatches({ batches, loop }: TrainableExperiment, plan: BatchPlan, totalSteps: number): Reason | null {
  const size = batches.batchSize;
  if (size && !(size.value >= 1))
    return {
      text: `A batch of ${size.value} rows cannot be made: the batch size is a whole number from 1 on.`,
      range: size.place,
    };
  const count = batchesPerEpoch(plan);
  if (count === 0)
    return {
      text: `A batch of ${plan.batchSize} rows with drop_last leaves no batch of ${plan.rows} rows.`,
      range: batches.range,
    };
  if (stepsOfEpoch(loop, count) > 0) {
    const counted = loop.steps ?? loop.epochs;
    return totalSteps >= 1 ? null : { text: 'The training has no pass: no step is ever taken.', range: counted.place };
  }
  return {
    text: `Gradients of ${loop.accumulation} batches are summed before a step, but an epoch has ${count}: no step is ever taken.`,
    range: loop.range,
  };
}

/** Lowers the model for every batch shape of the run; returns that of a whole batch. */
function lowerShapes(trainable: TrainableExperiment, dataset: Dataset, batches: BatchPlan): Result<LoweredModel, Reason> {
  const lower = (rows: number): Result<LoweredModel, Reason> => {
    const training = !trainable.loop.trainsInEvalMode;
    const mode: LoweringMode = { rows, batchNorm: training ? 'train' : 'eval', dropout: training, noise: true };
    return lowerModel(trainable.model, dataset.train, dataset.symbols, mode, trainable.range);
  };
  const whole = lower(batches.batchSize);
  const last = lastBatchRows(batches);
  if (!whole.ok || last === batches.batchSize) return whole;
  const partial = lower(last);
  if (partial.ok) return whole;
  return fail({
    text: `In the last batch of an epoch (${last} of ${batches.batchSize} rows): ${partial.error.text}`,
    range: partial.error.range,
  });
}

function layoutOf({ model, optimizer }: TrainableExperiment, lowered: LoweredModel): ReturnType<typeof layOut> {
  const needed = new Set(ancestors([lowered.loss]));
  const shapes = lowered.parameters.map(({ shape }) => shape);
  return layOut(model, optimizer, shapes, (index) => {
    const tensor = lowered.parameters[index];
    return tensor !== undefined && needed.has(tensor);
  });
}

function checkIndices(checks: readonly IndexCheck[], tensors: readonly RowTensor[]): Reason | null {
  for (const { source, size, ignored, text, range } of checks)
    for (const { name, values } of tensors) {
      if (name !== source) continue;
      const wrong = values.find((value) => value !== ignored && (value < 0 || value >= size));
      if (wrong !== undefined) return { text: text(wrong), range };
    }
  return null;
}

function bufferSpecs({ model }: TrainableExperiment, { symbols }: Dataset): BufferSpec[] {
  return model.nodes.flatMap((node) => {
    if (node.kind !== 'batchNorm' || !node.arguments.trackStatistics) return [];
    const length = bindSize(node.arguments.features, symbols) ?? 0;
    return [
      { name: `${node.name}.running_mean`, length, initial: 0 },
      { name: `${node.name}.running_var`, length, initial: 1 },
    ];
  });
}
