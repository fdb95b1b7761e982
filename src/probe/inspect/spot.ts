import type { CancelToken } from '../../base/cancel';
import { Random } from '../../base/random';
import { gradientDifference } from '../../curvature/gradientDifference';
import type { LanczosResult } from '../../curvature/lanczos';
import type { LinearOperator } from '../../curvature/operator';
import { norm, normalVector, plus } from '../../curvature/vector';
import type { InspectionCost } from '../../records/inspection/cost';
import type { InspectionPart } from '../../records/inspection/part';
import { kinksOfLoss } from './structure';
import type { HeldOperator, TrainedLoss } from './trainedLoss';
import type { BenchedUnit } from './unitBench';

/** A step of the optimizer at the run's own point. */
export interface OwnStep {
  readonly vector: Float32Array;
  /** `last` where the run ends here. */
  readonly made: 'next' | 'last';
}

/** The point that is looked at, with what every part of the inspection needs of it. */
export interface Spot {
  readonly unit: BenchedUnit;
  readonly step: number;
  readonly theta: Float32Array;
  readonly loss: number;
  readonly gradient: Float32Array;
  readonly gradientNorm: number;
  /** Hessian of the trained loss; for a loss with kinks that a step crosses, differences of its gradient over the length of a step. */
  readonly operator: HeldOperator;
  /** False where `operator` is such differences. */
  readonly smooth: boolean;
  /** Length of θ that a sensible step could go. */
  readonly reach: number;
  /** Null at a point that is not the run's own. */
  readonly ownStep: OwnStep | null;
  /** The run's own point, where this one is another. */
  readonly origin: Float32Array | null;
  readonly random: Random;
  readonly cancel: CancelToken;
}

/** A spot with both ends of its spectrum. */
export interface MeasuredSpot extends Spot {
  readonly spectrum: LanczosResult;
}

/** Passes parts of an inspection on as they come. */
export type EmitPart = (part: InspectionPart) => void;

export interface SpotInput {
  readonly unit: BenchedUnit;
  readonly step: number;
  readonly theta: Float32Array;
  readonly ownStep: OwnStep | null;
  readonly origin: Float32Array | null;
  readonly cancel: CancelToken;
}

/** Opens a point: loss, gradient and operator there. The operator is the caller's to dispose. */
export async function openSpot(input: SpotInput): Promise<Spot> {
  const { unit, theta, step } = input;
  const gradient = new Float32Array(theta.length);
  const loss = await unit.loss.gradient(theta, gradient);
  const length = norm(theta);
  // Weights that are all zero still have neighbours at the distance that usual first values have.
  const reach = Math.max(length, 0.1 * Math.sqrt(theta.length));
  const random = new Random(unit.seed).fork(`inspect ${step}${input.origin ? ' nearest' : ''}`);
  const kinks = unit.experiment.model === null ? 'none' : kinksOfLoss(unit.experiment.model);
  const differences = kinks === 'none' ? null : kinkedOperator(unit.loss, input, reach);
  const hessian = kinks === 'jumps' ? null : await unit.loss.hessian(theta);
  const smooth = hessian !== null && (differences === null || (await agree(hessian, differences, random.fork('kinks'))));
  if (!smooth) hessian?.dispose();
  const operator = smooth || differences === null ? (hessian as HeldOperator) : differences;
  return { ...input, loss, gradient, gradientNorm: norm(gradient), operator, smooth, reach, random };
}

/** Of the reach, over which differences of a gradient tell more than its rounding. */
const shortestShare = 1e-4;
/** Part by which the gradient may depart from its linear model over a step: a row whose error crosses a bend departs by as much as it weighs. */
const departs = 0.05;

/** Whether the Hessian foretells how the gradient changes over a step's length. */
async function agree(hessian: LinearOperator, differences: LinearOperator, random: Random): Promise<boolean> {
  const direction = normalVector(hessian.dim, random);
  const [foretold, seen] = [new Float32Array(hessian.dim), new Float32Array(hessian.dim)];
  await hessian.apply(direction, foretold);
  await differences.apply(direction, seen);
  return norm(plus(seen, -1, foretold)) <= departs * norm(seen);
}

function kinkedOperator(loss: TrainedLoss, { theta, ownStep }: SpotInput, reach: number): HeldOperator {
  const length = ownStep === null ? 0 : norm(ownStep.vector);
  // Steps of a run that stands still are so short that differences over them are rounding.
  const radius = length > 0 ? Math.max(length, shortestShare * reach) : 1e-3 * reach;
  const operator = gradientDifference(loss.gradient, theta, radius);
  return { ...operator, dispose: () => undefined };
}

/** The step that the optimizer makes next from where the run stands, or made last when the run ends there. Leaves the run as it was. */
export async function ownStepAt(unit: BenchedUnit, step: number, cancel: CancelToken): Promise<OwnStep | null> {
  const { course, plan } = unit;
  const { run } = course;
  const here = run.theta.slice();
  if (step < plan.steps) {
    const before = run.snapshot();
    await run.advance(1, cancel);
    const vector = plus(run.theta.slice(), -1, here);
    run.restore(before);
    return isStep(vector) ? { vector, made: 'next' } : null;
  }
  if (step === 0) return null;
  await course.to(step - 1, cancel);
  const vector = plus(here, -1, run.theta.slice());
  await course.to(step, cancel);
  return isStep(vector) ? { vector, made: 'last' } : null;
}

function isStep(vector: Float32Array): boolean {
  const length = norm(vector);
  return length > 0 && Number.isFinite(length);
}

/** Counts what parts take: each `take` gives what was spent since the one before. */
export class CostMeter {
  private evaluations: number;
  private applications: number;
  private since = performance.now();

  constructor(private readonly loss: TrainedLoss) {
    this.evaluations = loss.evaluations;
    this.applications = loss.applications;
  }

  take(): InspectionCost {
    const now = performance.now();
    const cost = {
      evaluations: this.loss.evaluations - this.evaluations,
      applications: this.loss.applications - this.applications,
      milliseconds: now - this.since,
    };
    this.evaluations = this.loss.evaluations;
    this.applications = this.loss.applications;
    this.since = now;
    return cost;
  }
}

/** The number, or null where it is not finite: what crosses to the panel as JSON keeps its meaning. */
export const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
