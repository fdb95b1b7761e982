import { Random } from '../base/random';
import { lossFloor } from '../diagnosis/graphWalk';
import { limitFor } from '../diagnosis/limits';
import type { Twin } from '../engine/twin';
import { watchedAt } from '../engine/watch';
import type { Experiment } from '../records/experiment';
import type { MeasurementBatch, Measurements, RunSummary } from '../records/measurement';
import type { TrialResult } from '../records/trial';
import { scaleFreeGroups } from './inspect/structure';
import { freshMemory, observeCurvature } from './observeCurvature';
import { evaluate, type ProbeLosses } from './observeLosses';
import { hiddenLayers } from './observeSymmetry';
import { observeUnits } from './observeUnits';
import type { Plan } from './plan';
import type { Probe } from './probeRows';
import { Recorder } from './recorder';
import { seesRows } from './seesRows';
import { Trajectory } from './trajectory';
import { recordLimit, recordSteps, trainThrough, type Bounds } from './training';

/** What the main run left: the measurements, how it went, and its own result under the trial protocol. */
export interface MainRun {
  readonly measurements: Measurements;
  readonly summary: RunSummary;
  readonly baseline: TrialResult;
}

export interface MainRunInput {
  readonly twin: Twin;
  readonly experiment: Experiment;
  readonly plan: Plan;
  readonly probe: Probe;
  readonly seed: number;
  readonly bounds: Bounds;
  readonly onBatch: (batch: MeasurementBatch, step: number) => void;
}

/** Single batches are looked at once in so many points, from the second on. */
const batchesEvery = 3;

/** Trains the script as it stands, measuring at the plan's steps. */
export async function mainRun(input: MainRunInput): Promise<MainRun> {
  const { twin, experiment, plan, probe, seed, bounds } = input;
  const optimizer = experiment.optimizer;
  if (!optimizer) throw new Error('mainRun needs an optimizer; readiness() decides that before');
  const started = performance.now();
  let measuring = 0;
  const recorder = new Recorder();
  const trajectory = new Trajectory(plan.steps);
  const memory = freshMemory();
  const scales = scaleFreeGroups(experiment, twin);
  const random = new Random(seed).fork('curvature');
  const curvatureSteps = new Set(plan.curvatureSteps);
  const unitSteps = new Set(plan.unitSteps);
  const limitSteps = new Set(plan.gradientSteps);
  const layers = experiment.model ? hiddenLayers(experiment.model, twin) : [];
  const rowsReach = seesRows(experiment.model);
  const measured: number[] = [];
  const limit = limitFor(optimizer);
  const run = twin.start(seed, { totalSteps: plan.steps, watch: watchedAt(plan.gradientSteps) });

  const lookAt = async (step: number): Promise<ProbeLosses> => {
    if (!unitSteps.has(step)) return evaluate(probe, run, recorder);
    const { losses, units } = await observeUnits(probe, run, recorder, { rowGradients: true });
    trajectory.units = units;
    return losses;
  };
  const at = async (step: number): Promise<void> => {
    const began = performance.now();
    const losses = await lookAt(step);
    trajectory.add(step, losses);
    if (curvatureSteps.has(step)) {
      const lossLeft = losses.loss - lossFloor(experiment);
      const looksAtBatches = rowsReach && measured.length % batchesEvery === 1;
      const asked = { seesRows: rowsReach, looksAtBatches, recorder, random, cancel: bounds.cancel };
      const look = { twin, probe, run, optimizer, plan, layers, scales, lossLeft, memory };
      await observeCurvature({ ...look, ...asked });
      measured.push(step);
    }
    measuring += performance.now() - began;
    const batch = recorder.takeBatch();
    if (batch) input.onBatch(batch, step);
  };

  try {
    const steps = [...new Set([...plan.evaluationSteps, ...plan.curvatureSteps])].sort((a, b) => a - b);
    const ending = await trainThrough(run, { steps, at }, bounds, (columns) => {
      recordSteps(recorder, columns);
      recordLimit(recorder, columns, limit, (step) => limitSteps.has(step) && !curvatureSteps.has(step));
    });
    const operation = ending === 'divergence' ? await probe.train.findNonFinite(run.theta) : null;
    const last = recorder.takeBatch();
    if (last) input.onBatch(last, run.step);
    const seconds = (performance.now() - started) / 1000;
    return {
      measurements: recorder.measurements(),
      summary: {
        steps: run.step,
        ofSteps: plan.ofSteps,
        rows: twin.trainRows,
        ofRows: twin.trainRows,
        stoppedBy: ending,
        stepsPerEpoch: twin.stepsPerEpoch,
        curvatureSteps: measured,
        seed,
        parameters: twin.dim,
        seconds,
        measuringShare: seconds > 0 ? measuring / 1000 / seconds : 0,
        nonFinite:
          ending === 'divergence' ? { step: run.step, ...(operation ?? { node: '', operation: '', pass: 'forward' }) } : null,
      },
      baseline: trajectory.result({ key: 'baseline', changes: [], seedOffset: 0 }, run.step, ending),
    };
  } finally {
    run.dispose();
  }
}
