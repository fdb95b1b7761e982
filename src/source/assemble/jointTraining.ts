import type { Reason, SourceRange } from '../../records/source';
import type { Event } from '../interpret/events';
import { sameConditions } from '../values/rhythm';
import type { LoopContext } from '../values/value';
import { loopsBeforeStep } from './loop';
import { passes } from './nest';
import { eventsOf, sameLoops, type UnitEvents } from './unitEvents';

/** Backward calls before one step whose sum could not be made. */
export function severalBackwards(unit: UnitEvents): Reason[] {
  const again = loopOnOneBatch(unit);
  if (again) return [{ text: 'Several steps on one batch are not read', range: again.head }];
  if (unit.summed.length < 2) {
    const inner = loopsBeforeStep(unit);
    const [loop] = inner;
    if (!loop || (inner.length === 1 && passes(loop) !== null && loop.drawn)) return [];
    return [{ text: 'One step for the gradients of a whole inner loop is not read', range: loop.head }];
  }
  const [first] = unit.summed;
  return unit.summed
    .filter((e) => e.loss === null || !sameConditions(e.conditions, first?.conditions ?? []))
    .slice(0, 1)
    .map(({ range, reason }) => reason ?? { text: 'These `backward()` calls before one step could not be put together', range });
}

/**
 * Steps that one pass of a loop takes of the same call, for each entry of a list that the script writes out: the loss of the first
 * alone stands for none of the others.
 */
export function stepsForEntries(unit: UnitEvents): Reason[] {
  const { step } = unit;
  if (!step || step.loops.length === 0) return [];
  const isCertain = ({ conditions }: Event): boolean => conditions.every((one) => one !== null && !one.unclear);
  const again = eventsOf(unit.all, 'step').some(
    (e) => e !== step && e.optimizer === step.optimizer && isSamePlace(e.range, step.range) && sameLoops(e, step) && isCertain(e),
  );
  return again && isCertain(step) ? [{ text: 'A step for each entry of a list is not read', range: step.range }] : [];
}

const isSamePlace = (a: SourceRange, b: SourceRange): boolean => a.path === b.path && a.line === b.line && a.column === b.column;

/** A loop inside the one over batches, in each of whose passes the unit steps on the same rows. */
function loopOnOneBatch({ step, backward }: UnitEvents): LoopContext | null {
  const loops = step && backward ? step.loops.filter((loop) => backward.loops.includes(loop)) : [];
  const batches = loops.findLastIndex((loop) => loop.batches);
  return batches < 0 ? null : (loops[batches + 1] ?? null);
}
