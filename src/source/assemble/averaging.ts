import type { Averaging } from '../../records/experiment';
import { sameRhythm, type Rhythm } from '../values/rhythm';
import type { LoopNest } from './nest';
import { eventsOf, type EventOf, type UnitEvents } from './unitEvents';

/** The regular conditions of an average under which the step does not stand. */
export const beyondStep = ({ conditions }: EventOf<'average'>, { step }: UnitEvents): Rhythm[] =>
  conditions.flatMap((one) => (one === null || step?.conditions.some((own) => sameRhythm(own, one)) ? [] : [one]));

/** The average of the model's weights that the script keeps beside the training; null when it keeps none. */
export function averagingOf(unit: UnitEvents, training: EventOf<'forward'> | null, { batch, epoch }: LoopNest): Averaging | null {
  const found = eventsOf(unit.all, 'average').find((e) => training !== null && e.module === training.module);
  if (!found) return null;
  const isPerEpoch = batch !== null && epoch !== null && !found.loops.includes(batch);
  return {
    decay: found.decay,
    per: isPerEpoch ? 'epoch' : 'step',
    ...rhythm(beyondStep(found, unit)[0], isPerEpoch || batch === null || epoch === null),
    evaluated: eventsOf(unit.all, 'averagedForward').some((e) => e.module === found.module),
    range: found.range,
  };
}

/** After which steps or epochs the average takes the weights in. */
const rhythm = (own: Rhythm | undefined, isCountedOn: boolean): Pick<Averaging, 'every' | 'from' | 'anew'> => ({
  every: own?.every ?? 1,
  ...(own && own.at !== own.every - 1 ? { from: own.at } : {}),
  ...(own && !isCountedOn && !own.continues ? { anew: true } : {}),
});
