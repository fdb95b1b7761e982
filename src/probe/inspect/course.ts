import type { CancelToken } from '../../base/cancel';
import { norm } from '../../curvature/vector';
import type { Run, RunSnapshot, Twin } from '../../engine/twin';
import type { Plan } from '../plan';
import { evenSteps } from '../spacing';
import type { TrainedLoss } from './trainedLoss';

/** A point that the run went through. */
export interface CoursePoint {
  readonly step: number;
  readonly theta: Float32Array;
}

/** Memory for points and for snapshots, in bytes each. */
const pointBytes = 64 * 2 ** 20;
/** Points along the whole run at most. */
const mostPoints = 40;
const mostSnapshots = 12;

/**
 * A unit's run, taken again from its start: the same seed gives the same numbers. Goes to any step of the plan, forwards from where it
 * stands or from a snapshot before it, and keeps some points of its way.
 */
export class Course {
  readonly run: Run;
  private readonly kept = new Map<number, Float32Array>();
  private readonly snapshots = new Map<number, RunSnapshot>();
  private readonly norms = new Map<number, number>();
  private readonly pointSteps: readonly number[];
  private readonly snapshotSteps: ReadonlySet<number>;

  constructor(twin: Twin, plan: Plan, seed: number) {
    this.run = twin.start(seed, { totalSteps: plan.steps });
    const points = Math.max(2, Math.min(mostPoints, Math.floor(pointBytes / (4 * twin.dim))));
    const first = this.run.snapshot();
    const snapshots = Math.max(1, Math.min(mostSnapshots, Math.floor(pointBytes / first.bytes)));
    this.pointSteps = thinned(evenSteps(plan.steps, points), points + 9);
    this.snapshotSteps = new Set(thinned(this.pointSteps, snapshots));
    this.snapshots.set(0, first);
    this.kept.set(0, this.run.theta.slice());
  }

  /** Takes the run to `step`, or as far as its values are finite; returns the step reached. */
  async to(step: number, cancel: CancelToken): Promise<number> {
    if (this.run.step !== step) this.restoreBefore(step);
    const stops = [...this.pointSteps.filter((stop) => stop > this.run.step && stop < step), step];
    for (const stop of stops) {
      while (this.run.step < stop) {
        const { nonFinite } = await this.run.advance(stop - this.run.step, cancel);
        if (nonFinite || cancel.cancelled) return this.run.step;
      }
      if (this.pointSteps.includes(stop)) this.keep(stop);
    }
    return this.run.step;
  }

  /** The points kept up to `step`, that step's own included, in order. */
  pointsUpTo(step: number): CoursePoint[] {
    const points = [...this.kept].filter(([at]) => at < step).map(([at, theta]) => ({ step: at, theta }));
    points.sort((a, b) => a.step - b.step);
    return this.run.step === step ? [...points, { step, theta: this.run.theta.slice() }] : points;
  }

  /** The largest gradient norm among some kept points up to `step`; each is measured once. */
  async largestGradient(
    step: number,
    loss: TrainedLoss,
    cancel: CancelToken,
  ): Promise<{ readonly norm: number; readonly step: number }> {
    const gradient = new Float32Array(this.run.theta.length);
    let largest = { norm: 0, step: 0 };
    for (const point of thinned(this.pointsUpTo(step).slice(0, -1), 12)) {
      let size = this.norms.get(point.step);
      if (size === undefined) {
        if (cancel.cancelled) break;
        await loss.gradient(point.theta, gradient);
        size = norm(gradient);
        this.norms.set(point.step, size);
      }
      if (size > largest.norm) largest = { norm: size, step: point.step };
    }
    return largest;
  }

  dispose(): void {
    this.run.dispose();
    this.snapshots.clear();
  }

  private keep(step: number): void {
    if (!this.kept.has(step)) this.kept.set(step, this.run.theta.slice());
    if (this.snapshotSteps.has(step) && !this.snapshots.has(step)) this.snapshots.set(step, this.run.snapshot());
  }

  /** The last snapshot at or before `step`; the run as it stands when that is nearer. */
  private restoreBefore(step: number): void {
    const best = Math.max(...[...this.snapshots.keys()].filter((at) => at <= step));
    if (this.run.step < step && this.run.step >= best) return;
    const snapshot = this.snapshots.get(best);
    if (snapshot) this.run.restore(snapshot);
  }
}

/** About `count` of the entries, evenly taken, the first and the last among them. */
function thinned<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  const picked = new Set(Array.from({ length: count }, (_, i) => Math.round((i * (all.length - 1)) / Math.max(1, count - 1))));
  return all.filter((_, i) => picked.has(i));
}
