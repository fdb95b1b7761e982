/**
 * What is run and measured, fixed before the run from counted work, so that the same script gets
 * the same verdict on a slow and on a fast machine.
 */
export interface Plan {
  /** Optimizer steps of the main run and of every trial. */
  readonly steps: number;
  readonly ofSteps: number;
  /** Rows of the fixed probe set on which curvature, units and probe losses are measured. */
  readonly probeRows: number;
  readonly validationRows: number;
  /** Steps after which curvature is measured: geometric, with 0 and the end. */
  readonly curvatureSteps: readonly number[];
  /** Steps after which the probe losses are measured. */
  readonly evaluationSteps: readonly number[];
  /** Every how many steps the per-parameter columns are kept. */
  readonly columnStride: number;
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
/** Most work of one run; a unit whose first 50 steps cost more is too big. */
export const longestWork = 4e11;
/** Work of one measurement of curvature. */
const curvatureWork = 2e10;

export function planRun(work: CountedWork): Plan {
  const perStep = work.flopsPerStep + stepOverhead;
  const affordable = Math.max(mainWork / perStep, Math.min(fewestSteps, longestWork / perStep));
  const steps = Math.max(1, Math.min(work.totalSteps, Math.floor(affordable)));
  const probeRows = rowsWithin(work.trainRows, work.flopsPerRow);
  return {
    steps,
    ofSteps: work.totalSteps,
    probeRows,
    validationRows: rowsWithin(work.validationRows, work.flopsPerRow),
    curvatureSteps: geometricSteps(steps),
    evaluationSteps: evenSteps(steps, 60),
    columnStride: Math.max(1, Math.ceil(steps / 400)),
    lanczosProducts: Math.max(12, Math.min(60, Math.floor(curvatureWork / Math.max(1, 2 * probeRows * work.flopsPerRow)))),
    trials: 24,
  };
}

/** All rows while 20 Hessian-vector products on them are affordable; else as many as are, at least 256. */
function rowsWithin(rows: number, flopsPerRow: number): number {
  const affordable = Math.floor(curvatureWork / (2 * 20 * Math.max(1, flopsPerRow)));
  return Math.min(rows, Math.max(256, Math.min(4096, affordable)));
}

/** 0, 1, 2, 4, … and the end; the last two points are at least a third of the run apart. */
export function geometricSteps(steps: number): number[] {
  const points = [0];
  for (let step = 1; step < steps * 0.7; step *= 2) points.push(step);
  const third = Math.round(steps / 3);
  if (third > 4 && !points.includes(third)) points.push(third);
  points.push(steps);
  return [...new Set(points)].sort((a, b) => a - b);
}

/** About `count` steps from 0 to the end: the first few one by one, then evenly; a third of the run is among them. */
export function evenSteps(steps: number, count: number): number[] {
  const points = new Set<number>([0, Math.round(steps / 3), steps]);
  for (let i = 0; i <= Math.min(8, steps); i++) points.add(i);
  for (let i = 1; i <= count; i++) points.add(Math.round((i * steps) / count));
  return [...points].sort((a, b) => a - b);
}
