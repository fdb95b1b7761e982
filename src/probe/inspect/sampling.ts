import type { GradientOperators } from '../../curvature/gradientOperators';
import { lanczos } from '../../curvature/lanczos';
import { shuffledShare, smallRateNoiseFloor } from '../../curvature/lossNoiseFloor';
import { withoutScales } from '../../curvature/scaleFree';
import { extrapolateToAllRows } from '../../curvature/subsetExtrapolation';
import { momentumOf } from '../../diagnosis/limits';
import type { InspectedNoise } from '../../records/inspection/noise';
import type { MeasuredSpot } from './spot';
import { scaleFreeGroups } from './structure';
import { TrainedLoss } from './trainedLoss';

/** Half width of a 95 % interval over the standard error. */
const wide = 1.96;

/**
 * The loss that the noise of batches keeps up at the rate in force, for rates well under the limit: η tr Σ/(4B(1-μ)), with a
 * preconditioner η tr(P⁻¹Σ)/(4B). Null where every batch is all rows or nothing is stepped.
 */
export function noiseFloorOf(
  spot: MeasuredSpot,
  { gradients, mean, rowsEach }: GradientOperators,
  batch: number,
): InspectedNoise['floor'] {
  const { unit, spectrum } = spot;
  const { optimizer } = unit.experiment;
  const { run } = unit.course;
  if (optimizer === null || batch >= unit.twin.trainRows || !(run.learningRate > 0)) return null;
  const diagonal = run.preconditioner();
  const parts = gradients.map((gradient) => {
    let sum = 0;
    for (let i = 0; i < mean.length; i++) sum += ((gradient[i] as number) - (mean[i] as number)) ** 2 / (diagonal?.[i] ?? 1);
    return sum;
  });
  const count = parts.length;
  const average = parts.reduce((sum, part) => sum + part, 0) / count;
  const spread = Math.sqrt(parts.reduce((sum, part) => sum + (part - average) ** 2, 0) / (count - 1));
  const steps = { rate: run.learningRate, momentum: diagonal ? 0 : momentumOf(optimizer), batch };
  const floorFor = (perGradient: number): number => smallRateNoiseFloor((rowsEach * perGradient * count) / (count - 1), steps);
  const top = spectrum.largest.value;
  return {
    loss: { value: floorFor(average), error: floorFor((wide * spread) / Math.sqrt(count)) },
    ...steps,
    preconditioned: diagonal !== null,
    shuffled: diagonal === null && top > 0 ? shuffledShare(top, unit.twin.trainRows, steps) : null,
  };
}

/** Both ends of the spectrum as they would be on all rows, by the law along which they fell from half of these rows; null on all rows. */
export async function allRowsOf(spot: MeasuredSpot): Promise<InspectedNoise['allRows']> {
  const { unit, theta, random, spectrum, smooth, cancel } = spot;
  const { rows, rowNumbers } = unit.loss;
  if (rows >= unit.twin.trainRows || rows < 4 || !smooth || cancel.cancelled) return null;
  const objective = unit.twin.objective('train', rowNumbers.slice(0, rows >> 1), { run: unit.course.run });
  const held = await new TrainedLoss(objective, unit.form).hessian(theta);
  const half = await lanczos(withoutScales(held, theta, scaleFreeGroups(unit.experiment, unit.twin)), {
    random: random.fork('half of the rows'),
    tolerance: 0.01,
    smallestTolerance: 0.01,
    maximumApplications: unit.plan.lanczosProducts,
    cancel,
  });
  held.dispose();
  objective.dispose();
  if (cancel.cancelled) return null;
  const onAll = (end: 'largest' | 'smallest'): { value: number; error: number } =>
    extrapolateToAllRows(half[end].value, spectrum[end].value, rows, unit.twin.trainRows);
  return { largest: onAll('largest'), smallest: onAll('smallest') };
}
