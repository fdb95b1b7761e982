import type { Averaging } from '../../records/experiment';
import type { LoopNest } from './nest';
import { eventsOf, type EventOf, type UnitEvents } from './unitEvents';

/** The average of the model's weights that the script keeps beside the training; null when it keeps none. */
export function averagingOf(unit: UnitEvents, training: EventOf<'forward'> | null, { batch, epoch }: LoopNest): Averaging | null {
  const found = eventsOf(unit.all, 'average').find((e) => training !== null && e.module === training.module);
  if (!found) return null;
  const isPerEpoch = batch !== null && epoch !== null && !found.loops.includes(batch);
  return {
    decay: found.decay,
    per: isPerEpoch ? 'epoch' : 'step',
    every: found.conditions.reduce<number>((product, every) => product * (every ?? 1), 1),
    evaluated: eventsOf(unit.all, 'averagedForward').some((e) => e.module === found.module),
    range: found.range,
  };
}
