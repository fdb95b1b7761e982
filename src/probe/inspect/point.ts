import { norm } from '../../curvature/vector';
import type { InspectParameters } from '../../protocol/inspection';
import { momentumOf } from '../../diagnosis/limits';
import type { Uncertain } from '../../records/inspection/cost';
import type { CriticalPointSearch, InspectedPoint } from '../../records/inspection/point';
import type { Optimizer } from '../../records/optimizer';
import { seesRows } from '../seesRows';
import type { CostMeter, Spot } from './spot';

/** Loss and gradient here, beside the gradient's noise and the run's largest. */
export async function inspectPoint(
  spot: Spot,
  search: CriticalPointSearch | null,
  given: InspectParameters['largestGradient'],
  meter: CostMeter,
): Promise<InspectedPoint> {
  const { unit, theta, step, gradientNorm, cancel } = spot;
  const { course, twin, loss } = unit;
  const trace = seesRows(unit.experiment.model) ? await loss.noiseTrace(theta) : null;
  const batch = Math.max(1, unit.experiment.batches?.batchSize?.value || course.run.lastBatch.length || twin.trainRows);
  const here = { norm: search === null ? gradientNorm : search.startGradientNorm, step };
  const seen = [await course.largestGradient(step, loss, cancel), here, ...(given ? [given] : [])];
  const largest = seen.reduce((a, b) => (b.norm > a.norm ? b : a));
  return {
    part: 'point',
    step,
    ofSteps: unit.plan.ofSteps,
    search,
    loss: spot.loss,
    gradientNorm,
    gradientNoise:
      loss.rows >= twin.trainRows || trace === null ? 0 : trace.value > 0 ? Math.sqrt(trace.value / loss.rows) : null,
    batchNoise: batch < twin.trainRows ? trace && rootOf(trace, batch) : null,
    largestGradientNorm: largest.norm,
    largestAt: largest.step,
    parameterNorm: norm(theta),
    learningRate: course.run.learningRate,
    optimizer: unit.experiment.optimizer && described(unit.experiment.optimizer),
    rows: loss.rows,
    ofRows: twin.trainRows,
    parameters: twin.dim,
    tensors: twin.parameters,
    cost: meter.take(),
  };
}

/** √(trace/batch), with half of the way between its ends; null where nothing is known. */
function rootOf({ value, error }: { readonly value: number; readonly error: number }, batch: number): Uncertain | null {
  if (!(value >= 0)) return null;
  const root = (trace: number): number => Math.sqrt(Math.max(0, trace) / batch);
  return { value: root(value), error: Number.isFinite(error) ? (root(value + error) - root(value - error)) / 2 : null };
}

function described(optimizer: Optimizer): InspectedPoint['optimizer'] {
  const { kind, settings } = optimizer;
  const averaging = 'beta2' in settings ? settings.beta2.value : 'alpha' in settings ? settings.alpha.value : null;
  return { kind, momentum: momentumOf(optimizer), averaging };
}
