import { fail, ok, type Result } from '../base/result';
import { countFlops } from '../graph/flops';
import type { Dataset } from '../records/dataset';
import type { Experiment, Partner } from '../records/experiment';
import type { Reason } from '../records/source';
import type { Runtime } from './onnx/runtime';
import { Programs, trainingOutputs } from './programs';
import { prepare } from './prepare';
import { planRun } from './trainingPlan';
import { ExperimentTwin } from './experimentTwin';
import { asExperiment } from './company';
import { evaluationsOf, partnerFlops, updateFlops, vectorBytes } from './cost';
import type { LoweredModel, LoweringMode } from './lowerModel';
import { mostStepBytes, partRows, valueBytes } from './parts';
import type { Twin } from './twin';

/** What a builder may decide beside the Experiment. */
export interface BuildOptions {
  /** Seed of the values that objectives use for frozen parameters and running statistics before any run has begun. */
  readonly seed?: number;
  /** Memory of one training step above which a batch goes through in parts, where these give the same; in bytes. */
  readonly mostBytes?: number;
}

/**
 * Builds the Experiment on its Dataset: checks every shape, class number and batch, and compiles the
 * training step. A Reason at its place when a part does not fit or is not trained here.
 */
export async function buildTwin(
  experiment: Experiment,
  dataset: Dataset,
  runtime: Runtime,
  options: BuildOptions = {},
): Promise<Result<Twin, Reason>> {
  const prepared = prepare(experiment, dataset);
  if (!prepared.ok) return prepared;
  const setup = prepared.value;
  const partners = partnersOf(experiment, dataset, runtime);
  if (!partners.ok) return partners;
  const programs = new Programs(setup, runtime);
  const plan = planRun(setup, setup.trainRows);
  const dropout = !setup.loop.trainsInEvalMode;
  const mode = { rows: plan.batches.batchSize, batchNorm: dropout ? 'train' : 'eval', dropout } as const;
  try {
    const parts = partsOf(programs, mode, options.mostBytes ?? mostStepBytes);
    const { lowered: part } = await programs.program('training', { ...mode, rows: parts ?? mode.rows }, trainingOutputs);
    const whole = programs.lower(mode);
    const lowered = whole.ok ? whole.value : part;
    const outputs = trainingOutputs(lowered, programs.trainedTensors(lowered)).map(({ tensor }) => tensor);
    const flops =
      countFlops(outputs) * setup.loop.accumulation * evaluationsOf(setup.optimizer) +
      updateFlops(setup.optimizer, setup.layout.dim);
    const seed = options.seed ?? experiment.seed?.value ?? 0;
    const all = flops + partnerFlops(experiment, dataset);
    return ok(new ExperimentTwin(programs, { ...plan, partRows: parts }, all, seed, partners.value));
  } catch (error) {
    programs.dispose();
    return fail({
      text: `The model cannot be run here: ${error instanceof Error ? error.message : String(error)}.`,
      range: setup.range,
    });
  }
}

/** The partners' programs on the same data. */
function partnersOf(
  experiment: Experiment,
  dataset: Dataset,
  runtime: Runtime,
): Result<readonly { readonly partner: Partner; readonly programs: Programs }[], Reason> {
  const made: { readonly partner: Partner; readonly programs: Programs }[] = [];
  for (const partner of experiment.partners ?? []) {
    const setup = prepare(asExperiment(experiment, partner), dataset);
    if (!setup.ok) return setup;
    made.push({ partner, programs: new Programs(setup.value, runtime) });
  }
  return ok(made);
}

/** Rows to compute together when a step on whole batches takes more than `mostBytes`; null: the whole batch. */
function partsOf(programs: Programs, mode: LoweringMode, mostBytes: number): number | null {
  const { optimizer, layout } = programs.setup;
  const lowerFor = (rows: number): LoweredModel | null => {
    const lowered = programs.lower({ ...mode, rows });
    return lowered.ok ? lowered.value : null;
  };
  const bytesOf = (lowered: LoweredModel): number =>
    vectorBytes(optimizer, layout.dim) + valueBytes(lowered, programs.trainedTensors(lowered));
  const whole = lowerFor(mode.rows);
  return whole === null || bytesOf(whole) <= mostBytes ? null : partRows(mode.rows, lowerFor, bytesOf, mostBytes);
}
