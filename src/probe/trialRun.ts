import type { Experiment } from '../records/experiment';
import type { TrialRequest, TrialResult } from '../records/trial';
import type { Twin } from '../engine/twin';
import { unwatched } from '../engine/watch';
import { settingsOf } from './changes';
import { evaluate } from './observeLosses';
import { observeUnits } from './observeUnits';
import type { Plan } from './plan';
import { evenSteps } from './spacing';
import { openProbe } from './probeRows';
import { Recorder } from './recorder';
import { Trajectory } from './trajectory';
import { trainThrough, type Bounds } from './training';

/** Distance of the fresh seeds of re-tests from the run's own. */
const seedStride = 1_000_003;

export interface TrialInput {
  /** The unit to re-run: the script's own, or the edited one's. */
  readonly twin: Twin;
  readonly experiment: Experiment;
  readonly plan: Plan;
  readonly seed: number;
  readonly bounds: Bounds;
}

/** Re-runs a unit from its start with something changed, for as many steps as the main run took by plan. */
export async function trialRun(request: TrialRequest, input: TrialInput): Promise<TrialResult | null> {
  const { twin, experiment, plan, bounds } = input;
  const settings = settingsOf(request.changes, experiment, plan.steps);
  const steps = settings.totalSteps ?? plan.steps;
  const probe = openProbe(twin, plan, input.seed);
  const run = twin.start(input.seed + seedStride * request.seedOffset, { ...settings, watch: unwatched });
  const trajectory = new Trajectory(steps);
  const recorder = new Recorder();
  const at = async (step: number): Promise<void> => {
    if (step < steps) {
      trajectory.add(step, await evaluate(probe, run, recorder));
      return;
    }
    const { losses, units } = await observeUnits(probe, run, recorder, { rowGradients: false });
    trajectory.add(step, losses);
    trajectory.units = units;
  };
  try {
    const ending = await trainThrough(run, { steps: evenSteps(steps, 24), at }, bounds, () => undefined);
    // A trial that was cut short says nothing: its losses are those of another number of steps.
    if (ending === 'cancelled' || ending === 'budget') return null;
    return trajectory.result(request, run.step, ending);
  } finally {
    run.dispose();
    probe.dispose();
  }
}

/** The result of a trial whose changed script cannot be run. */
export function unavailable(request: TrialRequest, reason: string): TrialResult {
  const none = { start: NaN, third: NaN, end: NaN, best: NaN };
  return {
    request,
    status: 'unavailable',
    reason,
    steps: 0,
    probeLoss: none,
    validationLoss: null,
    accuracy: null,
    saturated: 0,
    dead: 0,
    curve: { steps: [], values: [] },
  };
}
