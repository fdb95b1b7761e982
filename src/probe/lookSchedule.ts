import { between, evenSteps } from './spacing';

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
}

/*
 * Work beside arithmetic, in floating-point operations at the rate of large products: what small nets spend most of their time on. Fixed
 * numbers, measured once; the clock of the run has no say.
 */
/** One operation of a graph, and how many there are for each trained tensor in a step. */
const operationWork = 2.5e4;
const operationsPerTensor = 7;
/** Ending a native call of many steps, evaluating, and beginning the next. */
const stopWork = 4e6;
/** Two more native calls, and the columns of each tensor. */
const lookWork = 8e6;
const columnWork = 5e5;
/** Sums over gradient, parameters and update, for each parameter. */
const sumsPerParameter = 200;

/** Share of a run's own work that evaluations may take, and all looks but those at the curvature. */
const evaluationShare = 0.02;
const lookShare = 0.05;
/** Fewer tell too little, whatever they cost: rules judge medians and trends over the last half. */
const fewestEvaluations = 18;
const fewestGradients = 18;
/** More are not seen. */
const mostGradients = 100;
/** A run of so many steps is looked at in each: little is spent in all, and rules need some twenty. */
const shortRun = 60;
/** Steps that count as the first ones. */
const firstSteps = 4;

/** Spreads evaluations and looks at the gradients over a run so that together they take a fixed share of its work at most. */
export function scheduleLooks(counted: CountedLooks): LookSchedule {
  const { steps, flopsPerStep, flopsPerRow, parameters, tensors, probeRows, curvatureSteps, mostEvaluations } = counted;
  const runWork = steps * (flopsPerStep + operationWork * operationsPerTensor * (tensors + 1));
  const forward = (probeRows * flopsPerRow) / 3;
  const evaluation = stopWork + forward;
  // The units' activations, and the rows' own gradients: forward, and back to every layer.
  const units = 3 * operationWork * operationsPerTensor + 4 * forward;
  const affordable = (evaluationShare * runWork) / evaluation - curvatureSteps.length;
  const count = Math.min(mostEvaluations, between(fewestEvaluations, 40, affordable));
  const evaluationSteps = evenSteps(steps, count);
  const stops = [...new Set([...evaluationSteps, ...curvatureSteps])].sort((a, b) => a - b);
  const left = lookShare * runWork - stops.length * evaluation - curvatureSteps.length * units;
  const gradients = between(
    fewestGradients,
    mostGradients,
    left / (lookWork + columnWork * tensors + sumsPerParameter * parameters),
  );
  return { evaluationSteps, gradientSteps: gradientSteps(steps, stops, gradients) };
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
