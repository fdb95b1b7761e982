import type { CancelToken } from '../../base/cancel';
import { nearestCriticalPoint } from '../../curvature/nearestCriticalPoint';
import { norm } from '../../curvature/vector';
import type { CriticalPointSearch } from '../../records/inspection/point';
import { effortOf, timesWithin } from './effort';
import type { HeldOperator } from './trainedLoss';
import type { BenchedUnit } from './unitBench';

/** Work of the search, and the Hessian products that it may take: at least, and at most. */
const searchWork = 3e11;
const [fewestProducts, mostProducts] = [300, 6000];
const mostIterations = 150;

/** The critical point nearest to `start`, with how the search for it went. */
export async function findCriticalPoint(
  unit: BenchedUnit,
  start: Float32Array,
  cancel: CancelToken,
  onIteration: (iteration: number, of: number, gradientNorm: number) => void,
): Promise<{ readonly theta: Float32Array; readonly search: CriticalPointSearch }> {
  const { loss } = unit;
  const startLoss = await loss.lossAt(start);
  let held: HeldOperator | null = null;
  const hessian = async (theta: Float32Array): Promise<HeldOperator> => {
    held?.dispose();
    held = await loss.hessian(theta);
    return held;
  };
  const letGo = (): void => held?.dispose();
  try {
    const found = await nearestCriticalPoint({ gradient: loss.gradient, hessian }, start, {
      maximumIterations: mostIterations,
      maximumApplications: 60,
      totalApplications: timesWithin(searchWork, effortOf(unit).product, fewestProducts, mostProducts),
      cancel,
      onIteration: (iteration, gradientNorm) => onIteration(iteration, mostIterations, gradientNorm),
    });
    const { theta, distance, startGradientNorm, gradientNorm, iterations, stopped } = found;
    const grown = norm(theta) / norm(start);
    return { theta, search: { distance, startLoss, grown, startGradientNorm, gradientNorm, iterations, stopped } };
  } finally {
    letGo();
  }
}
