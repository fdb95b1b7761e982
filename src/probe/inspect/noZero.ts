import { fallsOutward, type OutwardFall } from '../../curvature/outwardFall';
import type { InspectedPoint } from '../../records/inspection/point';
import type { Spot } from './spot';
import { outputRays } from './structure';

/** What makes a small gradient no sign of a critical point; null where nothing is seen to. */
export async function whyNoZero(
  spot: Spot,
  { search, gradientNorm, largestGradientNorm }: InspectedPoint,
): Promise<string | null> {
  if (search?.stopped === 'gradientFlat')
    return 'that is the least its norm comes to near here: curvature vanishes along what is left of it';
  if (search && search.stopped !== 'outward') return null;
  if (!spot.smooth || gradientNorm > smallGradient * largestGradientNorm) return null;
  const fall = search ? search.outward : await outwardFallOf(spot);
  if (!fall) return null;
  const { name, losses, multiples } = fall;
  const [inward, here] = [losses?.[0], losses?.[multiples.indexOf(0)]].map((loss) => show(loss ?? NaN));
  const last = `${show(losses?.[multiples.length - 1] ?? NaN)} at ${multiples[multiples.length - 1]} times that way`;
  const how = losses ? ` (${inward} half of that way inward, ${here} here, ${last} out)` : '';
  return `there is no zero of it at a finite distance that way: along ${name} the loss falls on for ever${how}, as it does where classes are told apart`;
}

/** Gradients that are larger beside the run's largest are told apart from zero already. */
const smallGradient = 1e-2;
const show = (value: number): string => String(Number(value.toPrecision(6)));

/** Whether the loss falls on for ever further out from the run's own point. */
async function outwardFallOf({ unit, theta, gradient, gradientNorm, cancel }: Spot): Promise<OutwardFall | null> {
  const { loss, experiment, twin } = unit;
  const place = { theta, gradient, norm: gradientNorm };
  const outputs = experiment.model ? outputRays(experiment.model, twin).map((ray) => ({ ...ray, fades: 'part' as const })) : [];
  const scaledUp = { name: 'all parameters scaled up', direction: (at: Float32Array) => at, fades: 'all' } as const;
  for (const ray of [scaledUp, ...outputs]) {
    if (cancel.cancelled) return null;
    const fall = await fallsOutward({ gradient: loss.gradient, loss: loss.lossAt }, place, ray, 0);
    if (fall) return fall;
  }
  return null;
}
