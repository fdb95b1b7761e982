import { fail, ok, type Result } from '../base/result';
import { countFlops } from '../graph/flops';
import type { Dataset } from '../records/dataset';
import type { Experiment } from '../records/experiment';
import type { Reason } from '../records/source';
import type { Runtime } from './onnx/runtime';
import { Programs, trainingOutputs } from './programs';
import { prepare } from './prepare';
import { planRun } from './trainingPlan';
import { ExperimentTwin } from './experimentTwin';
import { evaluationsOf, updateFlops } from './cost';
import type { Twin } from './twin';

/** What a builder may decide beside the Experiment. */
export interface BuildOptions {
  /** Seed of the values that objectives use for frozen parameters and running statistics before any run has begun. */
  readonly seed?: number;
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
  const programs = new Programs(setup, runtime);
  const plan = planRun(setup, setup.trainRows);
  const dropout = !setup.loop.trainsInEvalMode;
  const mode = { rows: plan.batches.batchSize, batchNorm: dropout ? 'train' : 'eval', dropout } as const;
  try {
    const { lowered } = await programs.program('training', mode, trainingOutputs);
    const outputs = trainingOutputs(lowered, programs.trainedTensors(lowered)).map(({ tensor }) => tensor);
    const flops =
      countFlops(outputs) * setup.loop.accumulation * evaluationsOf(setup.optimizer) +
      updateFlops(setup.optimizer, setup.layout.dim);
    return ok(new ExperimentTwin(programs, plan, flops, options.seed ?? experiment.seed?.value ?? 0));
  } catch (error) {
    programs.dispose();
    return fail({
      text: `The model cannot be run here: ${error instanceof Error ? error.message : String(error)}.`,
      range: setup.range,
    });
  }
}
