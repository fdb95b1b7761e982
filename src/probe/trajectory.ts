import type { TrialRequest, TrialResult } from '../records/trial';
import type { ProbeLosses } from './observeLosses';
import type { Ending } from './training';

/** A run that ends this many times above its first probe loss has not trained. */
const divergedRatio = 2;

/** Probe losses along one run, summed up by the trial protocol: at the start, at a third, at the end. */
export class Trajectory {
  units = { saturated: 0, dead: 0 };
  private readonly points: { readonly step: number; readonly losses: ProbeLosses }[] = [];

  /** `steps`: the planned length of the run. */
  constructor(private readonly steps: number) {}

  add(step: number, losses: ProbeLosses): void {
    this.points.push({ step, losses });
  }

  result(request: TrialRequest, steps: number, ending: Ending): TrialResult {
    const third = this.near(this.steps / 3);
    const end = this.points[this.points.length - 1];
    const start = this.points[0]?.losses.loss ?? NaN;
    const endLoss = ending === 'divergence' ? Infinity : (end?.losses.loss ?? NaN);
    const diverged = ending === 'divergence' || !Number.isFinite(endLoss) || endLoss > divergedRatio * start;
    return {
      request,
      status: diverged ? 'diverged' : 'trained',
      steps,
      probeLoss: {
        start,
        third: third?.losses.loss ?? endLoss,
        end: endLoss,
        best: this.points.reduce((best, point) => (point.losses.loss < best ? point.losses.loss : best), Infinity),
      },
      validationLoss: this.validation(third, end),
      accuracy: end?.losses.accuracy ?? null,
      ...this.units,
      curve: { steps: this.points.map((point) => point.step), values: this.points.map((point) => point.losses.loss) },
    };
  }

  private near(step: number): { readonly losses: ProbeLosses } | undefined {
    return this.points.find((point) => point.step >= Math.round(step));
  }

  private validation(third?: { losses: ProbeLosses }, end?: { losses: ProbeLosses }): TrialResult['validationLoss'] {
    const last = end?.losses.validationLoss ?? null;
    return last === null ? null : { third: third?.losses.validationLoss ?? last, end: last };
  }
}
