import { scheduleLooks, type LookSchedule } from './lookSchedule';
import { between, geometricSteps, thinned } from './spacing';

/**
 * What is run and measured, fixed before the run from counted work, so that the same script gets
 * the same verdict on a slow and on a fast machine.
 */
export interface Plan extends LookSchedule {
  /** Optimizer steps of the main run and of every trial. */
  readonly steps: number;
  readonly ofSteps: number;
  /** Rows of the fixed probe set on which curvature, units and probe losses are measured. */
  readonly probeRows: number;
  readonly validationRows: number;
  /** Steps after which curvature is measured: geometric, with 0 and the end. */
  readonly curvatureSteps: readonly number[];
  /** Most Hessian-vector products for one end of the spectrum at one step. */
  readonly lanczosProducts: number;
  /** Most trials in one diagnosis. */
  readonly trials: number;
}

/** What a plan is made from, all of it counted, nothing timed. */
export interface CountedWork {
  readonly flopsPerStep: number;
  /** Forward and backward of one row. */
  readonly flopsPerRow: number;
  readonly parameters: number;
  /** Trained tensors. */
  readonly tensors: number;
  readonly totalSteps: number;
  readonly trainRows: number;
  readonly validationRows: number;
}

/** Work that the fixed part of a step costs beside its arithmetic, in floating-point operations. */
const stepOverhead = 2e6;
/** Work of the main run, below which no script is cut. */
const mainWork = 6e10;
/** A big net gets at least this many steps, up to `longestWork`. */
const fewestSteps = 300;
/** Most work of one run; a unit whose first 20 steps cost more is too big. */
export const longestWork = 3e11;
/** Work of all measurements of one run: at least, and at most. */
const leastMeasuring = 1e11;
const mostMeasuring = 3e11;
/** Work of all trials of one diagnosis. */
const trialsWork = 1e12;
/** Cost of a Hessian-vector product over a forward and backward pass of the same rows. */
const productCost = 2.5;
/** What a full look at the spectrum takes: points along the run, products for each end. */
const fullPoints = 12;
const fullProducts = 40;

export function planRun(work: CountedWork): Plan {
  const perStep = work.flopsPerStep + stepOverhead;
  const affordable = Math.max(mainWork / perStep, Math.min(fewestSteps, longestWork / perStep));
  const steps = Math.max(1, Math.min(work.totalSteps, Math.floor(affordable)));
  const measuring = Math.min(mostMeasuring, Math.max(leastMeasuring, steps * perStep));
  const perRow = Math.max(1, work.flopsPerRow);
  const probeRows = rowsWithin(work.trainRows, perRow, measuring);
  const perProduct = productCost * probeRows * perRow;
  const points = between(3, fullPoints, measuring / (2 * 12 * perProduct));
  const curvatureSteps = thinned(geometricSteps(steps), points);
  const looks = scheduleLooks({
    ...work,
    steps,
    probeRows,
    curvatureSteps,
    mostEvaluations: between(8, 40, measuring / (probeRows * perRow)),
  });
  return {
    steps,
    ofSteps: work.totalSteps,
    probeRows,
    validationRows: rowsWithin(work.validationRows, perRow, measuring),
    curvatureSteps,
    ...looks,
    lanczosProducts: between(10, 60, measuring / (2 * points * perProduct)),
    trials: between(3, 24, trialsWork / (steps * perStep)),
  };
}

/** All rows while a full look at the spectrum on them is within the work for measuring; else halved, down to 64. */
function rowsWithin(rows: number, perRow: number, measuring: number): number {
  let chosen = Math.min(rows, 4096);
  while (chosen > 64 && fullPoints * fullProducts * productCost * chosen * perRow > measuring) chosen = Math.ceil(chosen / 2);
  return Math.min(rows, Math.max(64, chosen));
}
