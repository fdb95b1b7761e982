import type { StepPace } from '../../records/experiment';
import type { Reason, Sourced } from '../../records/source';
import type { Event } from '../interpret/events';
import { sameRhythm, type Rhythm } from '../values/rhythm';
import type { LoopNest } from './nest';
import { eventsOf, sameLoops, type EventOf, type UnitEvents } from './unitEvents';

/** In which passes of its loop a unit takes its steps. */
export interface StepRhythm {
  /** Passes whose gradients one step sums. */
  readonly accumulation: number;
  /** Set where it sums those of several, and takes its steps elsewhere than after each so many of an epoch. */
  readonly pace: StepPace | null;
  /** The only passes that it takes, gradients and all; null where it takes each. */
  readonly taken: Rhythm | null;
  /** What of it is not followed. */
  readonly problem: Reason | null;
}

/** The one regular condition that an event stands under; null for none, and with `several` where there are more. */
function regular(event: Event | null): { readonly rhythm: Rhythm | null; readonly several: boolean } {
  const all = event?.conditions.flatMap((one) => one ?? []) ?? [];
  return { rhythm: all[0] ?? null, several: all.length > 1 };
}

/** The calls that clear the gradients of a unit's optimizer. */
export function clearsOf({ all, optimizer }: UnitEvents): EventOf<'zeroGrad'>[] {
  const own = new Set<unknown>(optimizer.groups.flatMap((g) => g.cells));
  return eventsOf(all, 'zeroGrad').filter(
    (e) => e.optimizer === optimizer || (e.optimizer === null && e.cells.some((cell) => own.has(cell))),
  );
}

/** In which passes the unit steps, by the conditions that its calls stand under. */
export function stepRhythm(unit: UnitEvents, nest: LoopNest): StepRhythm {
  const { step, backward } = unit;
  const { rhythm, several } = regular(step);
  const each: StepRhythm = { accumulation: 1, pace: null, taken: null, problem: null };
  if (!step || !rhythm) return each;
  const unread = (text: string): StepRhythm => ({ ...each, problem: { text, range: step.range } });
  if (several || rhythm.unclear) return unread('After which batches a step is taken could not be read');
  if (rhythm.loop !== (nest.batch ?? nest.epoch))
    return unread('Steps that are taken in some passes of an outer loop only are not followed');
  const goesOn = rhythm.continues === true && nest.batch !== null && nest.epoch !== null;
  const before = regular(backward).rhythm;
  const clearing = clearingOf(unit, step, rhythm);
  if (sameRhythm(before, rhythm) || (before === null && clearing === 'eachPass')) {
    if (goesOn || rhythm.last) return unread('Batches that are taken in this rhythm are not followed');
    return { ...each, taken: rhythm };
  }
  if (before !== null) return unread('Gradients of some batches only that are summed before a step are not followed');
  if (clearing === 'otherwise') return unread('When the gradients that this step takes are cleared is not followed');
  return {
    ...each,
    accumulation: rhythm.every,
    pace: paceOf(rhythm, nest, goesOn, clearing === 'atFirstPass' || clearsOutside(unit, nest)),
  };
}

function paceOf({ every, at, last }: Rhythm, nest: LoopNest, goesOn: boolean, cleared: boolean): StepPace | null {
  const over = goesOn || nest.batch === null ? 'run' : 'epoch';
  if (over === 'epoch' && at === every - 1 && !last && !cleared) return null;
  return { first: at + 1, last: last === true, over, cleared: cleared && over === 'epoch' };
}

/** When the passes of the step's own loop clear its gradients, or `outside` where none of them does. */
function clearingOf(
  unit: UnitEvents,
  step: Event,
  rhythm: Rhythm,
): 'outside' | 'eachPass' | 'afterStep' | 'atFirstPass' | 'otherwise' {
  const place = (e: Event | null): number => (e ? unit.all.indexOf(e) : -1);
  const kinds = clearsOf(unit)
    .filter((e) => sameLoops(e, step))
    .map((e) => {
      const own = regular(e).rhythm;
      const isBefore = place(e) < place(unit.backward);
      if (own === null) return 'eachPass' as const;
      if (sameRhythm(own, rhythm)) return isBefore ? ('eachPass' as const) : ('afterStep' as const);
      const follows = isBefore && own.at === 0 && own.every === rhythm.every && (rhythm.at + 1) % rhythm.every === 0;
      return follows && !own.last && !own.unclear && own.loop === rhythm.loop ? ('atFirstPass' as const) : ('otherwise' as const);
    });
  const order = ['otherwise', 'eachPass', 'atFirstPass', 'afterStep'] as const;
  return order.find((kind) => kinds.includes(kind)) ?? 'outside';
}

/** Whether each epoch clears the gradients before its first batch, or after its last one. */
const clearsOutside = (unit: UnitEvents, { batch, epoch }: LoopNest): boolean =>
  batch !== null && epoch !== null && clearsOf(unit).some((e) => e.loops.includes(epoch) && !e.loops.includes(batch));

/** A number of passes as that of the ones that are taken. */
export const lessOften = (count: Sourced<number> | null, taken: Rhythm | null): Sourced<number> | null =>
  count === null || taken === null
    ? count
    : { ...count, value: Math.max(0, Math.floor((count.value - 1 - taken.at) / taken.every) + 1) };

/** Calls in the step's loop that stand under none of the conditions under which it is taken: they are made more often. */
export function isOftener(e: Event, step: Event): boolean {
  const { rhythm } = regular(step);
  return rhythm !== null && sameLoops(e, step) && !e.conditions.some((one) => sameRhythm(one, rhythm));
}
