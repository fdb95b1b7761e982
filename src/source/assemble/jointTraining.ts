import type { Reason } from '../../records/source';
import type { LoopContext } from '../values/value';
import { loopsBeforeStep, passes } from './loop';
import type { UnitEvents } from './unitEvents';

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
    .filter((e) => e.loss === null || e.conditions.join() !== first?.conditions.join())
    .slice(0, 1)
    .map(({ range, reason }) => reason ?? { text: 'These `backward()` calls before one step could not be put together', range });
}

/** A loop inside the one over batches, in each of whose passes the unit steps on the same rows. */
function loopOnOneBatch({ step, backward }: UnitEvents): LoopContext | null {
  const loops = step && backward ? step.loops.filter((loop) => backward.loops.includes(loop)) : [];
  const batches = loops.findLastIndex((loop) => loop.batches);
  return batches < 0 ? null : (loops[batches + 1] ?? null);
}
