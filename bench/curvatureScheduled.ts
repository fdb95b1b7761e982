import { never } from '../src/base/cancel';
import type { Run, RunSnapshot } from '../src/engine/twin';
import { watchedAt } from '../src/engine/watch';
import { evaluate } from '../src/probe/observeLosses';
import { observeUnits } from '../src/probe/observeUnits';
import type { Plan } from '../src/probe/plan';
import { openProbe, type Probe } from '../src/probe/probeRows';
import { Recorder } from '../src/probe/recorder';
import { recordSteps, trainThrough } from '../src/probe/training';
import type { Site } from './curvatureNets';
import type { Way } from './engineWays';
import { processorTime } from './row';

/** Processor time of a step with its measuring, and of a bare one, in ms. */
export interface Pair {
  readonly measured: number;
  readonly bare: number;
}

const bounds = { cancel: never, deadline: null };

/**
 * A run that is measured on the default schedule, and bare steps beside it. It may be taken again and again in the same memory: nothing
 * is left behind for the garbage collector and the compiler, whose threads would take a tenth of a small run's time.
 */
export class ScheduledRun {
  private constructor(
    private readonly run: Run,
    private readonly first: RunSnapshot,
    private readonly probe: Probe,
    private readonly plan: Plan,
    private readonly bare: Way,
  ) {}

  /**
   * Memory and programs are bound at the first steps, as they are for bare training before it is timed; what that and earlier rows have
   * left is collected.
   */
  static async open({ twin }: Site, plan: Plan, bare: Way): Promise<ScheduledRun> {
    const run = twin.start(0, { totalSteps: plan.steps, watch: watchedAt(plan.gradientSteps) });
    const probe = openProbe(twin, plan, 0);
    await run.advance(1, never);
    await look(probe, run, new Recorder(), true);
    await look(probe, run, new Recorder(), false);
    await bare.work(1);
    globalThis.gc?.();
    return new ScheduledRun(run, run.snapshot(), probe, plan, bare);
  }

  /**
   * Processor time of a step with its columns, and with probe losses and unit statistics where the plan has them, and of a bare one: at
   * the first stop after every `piece` steps, and at the end, as many bare steps have their turn.
   */
  async take(piece: number): Promise<Pair> {
    const { run, probe, plan, bare } = this;
    const recorder = new Recorder();
    const units = new Set(plan.unitSteps);
    const stops = new Set([...plan.evaluationSteps, ...plan.curvatureSteps]);
    const steps = [...stops].filter((step) => step > 0).sort((a, b) => a - b);
    let [taken, bareTime] = [1, 0];
    const at = async (step: number): Promise<void> => {
      await look(probe, run, recorder, units.has(step));
      if (step - taken < piece && step < plan.steps) return;
      const count = step - taken;
      taken = step;
      bareTime += count * (await bare.work(count));
    };
    run.restore(this.first);
    const time = await processorTime(() => trainThrough(run, { steps, at }, bounds, (columns) => recordSteps(recorder, columns)));
    const count = plan.steps - 1;
    return { measured: (time - bareTime) / count, bare: bareTime / count };
  }

  dispose(): void {
    this.probe.dispose();
    this.run.dispose();
    this.bare.dispose();
  }
}

const look = (probe: Probe, run: Run, recorder: Recorder, units: boolean): Promise<unknown> =>
  units ? observeUnits(probe, run, recorder, { rowGradients: true }) : evaluate(probe, run, recorder);
