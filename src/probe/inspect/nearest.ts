import type { CancelToken } from '../../base/cancel';
import { nearestCriticalPoint } from '../../curvature/nearestCriticalPoint';
import type { CriticalPointSearch } from '../../records/inspection';
import type { HeldOperator, TrainedLoss } from './trainedLoss';

/** The critical point nearest to `start`, with how the search for it went. */
export async function findCriticalPoint(
  loss: TrainedLoss,
  start: Float32Array,
  cancel: CancelToken,
  onIteration: (iteration: number, gradientNorm: number) => void,
): Promise<{ readonly theta: Float32Array; readonly search: CriticalPointSearch }> {
  let held: HeldOperator | null = null;
  const hessian = async (theta: Float32Array): Promise<HeldOperator> => {
    held?.dispose();
    held = await loss.hessian(theta);
    return held;
  };
  const letGo = (): void => held?.dispose();
  try {
    const found = await nearestCriticalPoint({ gradient: loss.gradient, hessian }, start, {
      maximumIterations: 40,
      maximumApplications: 60,
      cancel,
      onIteration,
    });
    const { theta, distance, startGradientNorm, gradientNorm, iterations, stopped } = found;
    return { theta, search: { distance, startGradientNorm, gradientNorm, iterations, stopped } };
  } finally {
    letGo();
  }
}
