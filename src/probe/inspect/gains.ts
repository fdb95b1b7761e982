import { gradientStep } from '../../curvature/gradientStep';
import { newtonGain } from '../../curvature/newtonConjugateGradient';
import { norm, plus } from '../../curvature/vector';
import type { InspectedGains } from '../../records/inspection/ways';
import type { CostMeter, MeasuredSpot } from './spot';

/** Damping of the Newton step at its first try, over the largest magnitude of curvature. */
const firstDamping = 1e-3;

/** What single steps gain here: the optimizer's own, the best along the gradient, a damped Newton step. */
export async function inspectGains(spot: MeasuredSpot, meter: CostMeter): Promise<InspectedGains> {
  const { unit, theta, gradient, operator, loss, ownStep, spectrum, cancel } = spot;
  const { lossAt } = unit.loss;
  const fallBy = async (factor: number, step: Float32Array): Promise<number> => loss - (await lossAt(plus(theta, factor, step)));
  const own = ownStep?.made === 'next' ? await fallBy(1, ownStep.vector) : null;
  const along = await gradientStep(operator, gradient);
  const magnitude = Math.max(Math.abs(spectrum.largest.value), Math.abs(spectrum.smallest.value));
  const damping = Math.max(1e-12, firstDamping * (Number.isFinite(magnitude) ? magnitude : 1));
  const newton = await newtonGain(lossAt, operator, theta, gradient, damping, {
    maximumApplications: unit.plan.lanczosProducts,
    cancel,
  });
  return {
    part: 'gains',
    ownStep: own,
    gradientStep: along && { rate: along.rate, predicted: along.gain, measured: await fallBy(-along.rate, gradient) },
    newton: newton && {
      predicted: newton.predicted,
      measured: newton.measured,
      damping: newton.damping,
      negativeCurvature: newton.negativeCurvature,
      length: norm(newton.step),
    },
    cost: meter.take(),
  };
}
