import { ok, type Result } from '../base/result';
import { countFlops } from '../graph/flops';
import { gradient } from '../graph/differentiate';
import type { Tensor } from '../graph/operations';
import type { Dataset } from '../records/dataset';
import type { Experiment } from '../records/experiment';
import type { ElementwiseKind, Optimizer, OptimizerKind } from '../records/optimizer';
import type { Reason } from '../records/source';
import { lowerModel, type LoweredModel } from './lowerModel';
import { asExperiment } from './company';
import type { Values } from './optimizers/rule';
import { updateRuleOf, valuesOf } from './optimizers/table';
import { layOut } from './parameters';
import { mostStepBytes, partRows, valueBytes } from './parts';
import { trainableParts } from './prepare';
import { planRun } from './trainingPlan';

/** What training an Experiment takes. */
export interface Cost {
  /** Floating-point operations of one optimizer step. */
  readonly flopsPerStep: number;
  /** Memory of one step: parameters, gradients, optimizer state and all intermediate values, in bytes. */
  readonly bytes: number;
  /** Trained parameters. */
  readonly parameters: number;
  /** Rows of a batch to compute together where the whole does not fit and parts give the same; null: all. */
  readonly partRows: number | null;
}

/** Operations for each parameter in one update, by optimizer. */
const updateFlopsPerParameter: { readonly [K in OptimizerKind]: number } = {
  sgd: 6,
  adam: 14,
  adamw: 15,
  rmsprop: 14,
  adagrad: 8,
  adadelta: 14,
  // For each iteration, with half of the usual history.
  lbfgs: 200,
  adamax: 10,
  nadam: 16,
  radam: 15,
  asgd: 4,
  rprop: 14,
};

/** Floating-point operations of one update and its norms. */
export function updateFlops({ kind }: Optimizer, dim: number): number {
  return (updateFlopsPerParameter[kind] + 8) * dim;
}

/** Bytes of parameters, gradients, optimizer state and what runs keep beside them. */
export function vectorBytes(optimizer: Optimizer, dim: number): number {
  return 4 * (5 + stateNamesOf(optimizer).length) * dim;
}

/**
 * Counts work and memory from the shapes, without compiling or running anything. `mostBytes`: memory above which a batch goes
 * through in parts, where these give the same.
 */
export function estimateCost(experiment: Experiment, dataset: Dataset, mostBytes = mostStepBytes): Result<Cost, Reason> {
  const parts = trainableParts(experiment);
  if (!parts.ok) return parts;
  const { model, optimizer, loop, range } = parts.value;
  const { batches } = planRun(parts.value, dataset.train.rows.length);
  const lowerFor = (rows: number): Result<LoweredModel, Reason> =>
    lowerModel(model, dataset.train, dataset.symbols, { rows, batchNorm: 'train', dropout: true }, range);
  const lowered = lowerFor(batches.batchSize);
  if (!lowered.ok) return lowered;
  const { graph, loss, parameters } = lowered.value;
  const shapes = parameters.map(({ shape }) => shape);
  const { trained, dim } = layOut(model, optimizer, shapes, () => true);
  const trainedIn = (one: LoweredModel): Tensor[] =>
    trained.map(({ index }) => one.parameters[index]).filter((tensor) => tensor !== undefined);
  const outputs = [loss, ...gradient(graph, loss, trainedIn(lowered.value))];
  const vectors = vectorBytes(optimizer, dim);
  const bytesOf = (one: LoweredModel): number => vectors + valueBytes(one, trainedIn(one));
  const bytes = bytesOf(lowered.value);
  const smaller = (rows: number): LoweredModel | null => {
    if (rows === batches.batchSize) return lowered.value;
    const made = lowerFor(rows);
    return made.ok ? made.value : null;
  };
  return ok({
    flopsPerStep:
      countFlops(outputs) * loop.accumulation * evaluationsOf(optimizer) +
      updateFlops(optimizer, dim) +
      partnerFlops(experiment, dataset),
    bytes,
    parameters: dim,
    partRows: bytes > mostBytes ? partRows(batches.batchSize, smaller, bytesOf, mostBytes) : null,
  });
}

/** Operations that the unit's partners add to one of its steps. */
export function partnerFlops(experiment: Experiment, dataset: Dataset): number {
  return (experiment.partners ?? []).reduce((sum, partner) => {
    const cost = estimateCost(asExperiment(experiment, partner), dataset);
    return sum + (cost.ok ? (cost.value.flopsPerStep * partner.steps) / partner.own : 0);
  }, 0);
}

/** Most evaluations of the batch in one step: a closure is called again and again. */
export function evaluationsOf(optimizer: Optimizer): number {
  return optimizer.kind === 'lbfgs' ? optimizer.settings.maxEvaluations.value : 1;
}

function stateNamesOf(optimizer: Optimizer): readonly string[] {
  // The history of changes.
  if (optimizer.kind === 'lbfgs') return Array.from({ length: 2 * optimizer.settings.history.value }, (_, i) => `change ${i}`);
  return elementwiseNames(optimizer.kind, optimizer);
}

function elementwiseNames<K extends ElementwiseKind>(kind: K, optimizer: Optimizer): readonly string[] {
  return updateRuleOf(kind).stateNames(valuesOf(optimizer) as Values<K>);
}
