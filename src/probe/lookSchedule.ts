import { between, evenSteps, thinned } from './spacing';

/** What a schedule of looks is made from, all of it counted. */
export interface CountedLooks {
  readonly steps: number;
  readonly flopsPerStep: number;
  /** Forward and backward of one row. */
  readonly flopsPerRow: number;
  readonly parameters: number;
  /** Trained tensors. */
  readonly tensors: number;
  readonly probeRows: number;
  readonly curvatureSteps: readonly number[];
  /** Most evaluations that are worth it, from the work of the run as a whole. */
  readonly mostEvaluations: number;
}

/** When a run is looked at. */
export interface LookSchedule {
  /** Steps after which the probe losses are measured. */
  readonly evaluationSteps: readonly number[];
  /** Steps whose gradients, parameters and updates are measured, in all and by parameter. */
  readonly gradientSteps: readonly number[];
  /** Those of the steps of curvature after which units, and the rows' own gradients, are looked at. */
  readonly unitSteps: readonly number[];
}

/** Work beside arithmetic, in floating-point operations at the rate of large products: what small nets spend most of their time on. */
interface FixedWork {
  /** Of a step, for each of its floating-point operations. */
  readonly perFlop: number;
  /** One operation of a graph. */
  readonly operation: number;
  /** Ending a native call of many steps, evaluating, and beginning the next. */
  readonly stop: number;
  /** Two steps that hand back their gradients, and their norms. */
  readonly look: number;
  /** Activations and rows' gradients, and their sums. */
  readonly units: number;
}

/*
 * Measured once in runs with all their looks, where each finds the caches cold; the clock of the run has no say. Steps of so few
 * operations are functions of our own: as long as a few calls into the library.
 */
const mostOwnFlops = 1e6;
const ownWork: FixedWork = { perFlop: 7, operation: 0, stop: 3e6, look: 4e6, units: 7e6 };
const libraryWork: FixedWork = { perFlop: 1, operation: 2.5e4, stop: 1.5e7, look: 2e7, units: 3e7 };
/** Operations of a step for each trained tensor. */
const operationsPerTensor = 7;
/** The columns of each tensor. */
const columnWork = 1e5;
/** What a stop takes to hand out each parameter and to take it in again. */
const stopPerParameter = 600;
/** Sums over gradient, parameters and update, for each parameter. */
const sumsPerParameter = 200;

/** Shares of a run's own work that evaluations may take, looks at units, and all looks but those at the curvature. */
const evaluationShare = 0.02;
const unitShare = 0.02;
const lookShare = 0.06;
/** Fewer tell too little, whatever they cost: rules judge medians and trends over the last half. */
const fewestEvaluations = 16;
const fewestGradients = 17;
const fewestUnits = 6;
/** More are not seen. */
const mostGradients = 100;
/** A run of so many steps is looked at in each: little is spent in all, and rules need some twenty. */
const shortRun = 60;
/** Steps that count as the first ones. */
const firstSteps = 4;

/** Spreads evaluations and looks at the gradients over a run so that together they take a fixed share of its work at most. */
export function scheduleLooks(counted: CountedLooks): LookSchedule {
  const { steps, flopsPerStep, flopsPerRow, parameters, tensors, probeRows, curvatureSteps, mostEvaluations } = counted;
  const fixed = flopsPerStep < mostOwnFlops ? ownWork : libraryWork;
  const runWork = steps * (fixed.perFlop * flopsPerStep + fixed.operation * operationsPerTensor * (tensors + 1));
  const forward = (probeRows * flopsPerRow) / 3;
  const evaluation = fixed.stop + stopPerParameter * parameters + forward;
  // Forward, and back to every layer.
  const units = fixed.units + 4 * forward;
  const affordable = (evaluationShare * runWork) / evaluation - curvatureSteps.length;
  const count = Math.min(mostEvaluations, between(fewestEvaluations, 40, affordable));
  const evaluationSteps = withStops(evenSteps(steps, count), curvatureSteps, steps / (4 * count), steps);
  const fewUnits = steps <= shortRun ? curvatureSteps.length : fewestUnits;
  const unitSteps = thinned(curvatureSteps, between(fewUnits, curvatureSteps.length, (unitShare * runWork) / units));
  const stops = sorted([...evaluationSteps, ...curvatureSteps]);
  const left = lookShare * runWork - stops.length * evaluation - unitSteps.length * units;
  const gradients = between(
    fewestGradients,
    mostGradients,
    left / (fixed.look + columnWork * tensors + sumsPerParameter * parameters),
  );
  return { evaluationSteps, gradientSteps: gradientSteps(steps, stops, gradients), unitSteps };
}

/** The even steps, each moved to the nearest stop within `distance`, and nearer than early steps lie; a third of the run and its end stay. */
function withStops(even: readonly number[], stops: readonly number[], distance: number, steps: number): number[] {
  const fixed = new Set([Math.round(steps / 3), steps]);
  return sorted(
    even.map((step) => {
      const stop = nearest(stops, step);
      return !fixed.has(step) && Math.abs(stop - step) <= Math.min(distance, step / 16) ? stop : step;
    }),
  );
}

/**
 * The first steps and about `count` from there to the last: those that lead to a stop, where the run stops in any case; more evenly
 * between them, or some of them only.
 */
function gradientSteps(steps: number, stops: readonly number[], count: number): number[] {
  if (steps <= shortRun) return Array.from({ length: steps }, (_, step) => step);
  const leading = stops.filter((step) => step > 0).map((step) => step - 1);
  const first = leading.filter((step) => step < firstSteps);
  const more = count - leading.length;
  if (more > 0)
    return sorted([...leading, ...Array.from({ length: more }, (_, i) => Math.round(((i + 0.5) * (steps - 1)) / more))]);
  const even = Array.from({ length: count }, (_, i) => Math.round((i * (steps - 1)) / Math.max(1, count - 1)));
  return sorted([...first, ...even.map((step) => nearest(leading, step))]);
}

const sorted = (steps: readonly number[]): number[] => [...new Set(steps)].sort((a, b) => a - b);

const nearest = (steps: readonly number[], wanted: number): number =>
  steps.reduce((best, step) => (Math.abs(step - wanted) < Math.abs(best - wanted) ? step : best), steps[0] ?? wanted);
