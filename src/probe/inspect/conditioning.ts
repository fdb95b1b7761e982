import { preconditioned } from '../../curvature/composition';
import { lanczos } from '../../curvature/lanczos';
import type { InspectedConditioning } from '../../records/inspection/conditioning';
import { conditioningOf, wholeSpectrum, type Spectrum } from './spectrum';
import type { CostMeter, MeasuredSpot } from './spot';
import { batchGradients } from './trainedLoss';

/** Batches from which the second moments of an optimizer that keeps none are estimated: at least, and at most. */
const fewestBatches = 4;
const mostBatches = 16;
const epsilon = 1e-8;

/** κ(H), and κ(P^-½HP^-½) with the optimizer's diagonal, or the one that Adam would come to at this point. */
export async function inspectConditioning(spot: MeasuredSpot, whole: Spectrum, meter: CostMeter): Promise<InspectedConditioning> {
  const plain = conditioningOf(spot.spectrum, whole);
  const own = ownDiagonal(spot);
  const diagonal = own ?? (await estimatedDiagonal(spot));
  if (!diagonal || spot.cancel.cancelled) {
    return { part: 'conditioning', plain, preconditioned: null, diagonal: null, cost: meter.take() };
  }
  const operator = preconditioned(spot.operator, diagonal);
  const ends = await lanczos(operator, {
    random: spot.random.fork('preconditioned ends'),
    maximumApplications: 2 * spot.unit.plan.lanczosProducts,
    cancel: spot.cancel,
  });
  const spectrum = await wholeSpectrum(spot, operator, 'preconditioned density', 0.5);
  return {
    part: 'conditioning',
    plain,
    preconditioned: conditioningOf(ends, spectrum),
    diagonal: own ? 'optimizer' : 'estimated',
    cost: meter.take(),
  };
}

/** The run's own P; null away from the run, for SGD, and in the first steps, when its averages hold nothing yet. */
export function ownDiagonal({ unit, origin, step }: MeasuredSpot): Float32Array | null {
  return origin || step < 3 ? null : unit.course.run.preconditioner();
}

/** √(mean of squared batch gradients) + ε: what Adam's second moment is after long at this point. Null when there are too few batches. */
async function estimatedDiagonal({ unit, theta, random }: MeasuredSpot): Promise<Float32Array | null> {
  const { twin, experiment, form } = unit;
  const size = experiment.batches?.batchSize?.value ?? twin.trainRows;
  const count = Math.min(mostBatches, Math.floor(twin.trainRows / size));
  if (count < fewestBatches) return null;
  const order = random.fork('diagonal').permutation(twin.trainRows);
  const batches = Array.from({ length: count }, (_, i) => order.slice(i * size, (i + 1) * size));
  const squares = new Float64Array(twin.dim);
  await batchGradients(twin, batches, form, theta, (gradient) => {
    for (let i = 0; i < squares.length; i++) squares[i] = (squares[i] as number) + (gradient[i] as number) ** 2 / count;
  });
  return Float32Array.from(squares, (square) => Math.sqrt(square) + epsilon);
}
