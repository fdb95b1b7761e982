import type { Reason } from '../../records/source';
import type { Machine } from '../interpret/machine';
import type { OptimizerValue } from '../values/training';
import { loopsBeforeStep, passes } from './loop';
import { cellsBelow, eventsOf, type UnitEvents } from './unitEvents';

/** Backward calls before one step whose sum could not be made. */
export function severalBackwards(unit: UnitEvents): Reason[] {
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

/** Parameters of the loss that another optimizer of the same loop changes: the two are one training. */
export function othersParameters(m: Machine, unit: UnitEvents, all: readonly OptimizerValue[]): Reason[] {
  const { loss, step, optimizer } = unit;
  if (!loss || !step) return [];
  const own = new Set(optimizer.groups.flatMap((g) => g.cells));
  const foreign = [...cellsBelow(loss)].filter((cell) => cell.trainable && !own.has(cell));
  const outer = step.loops[0];
  const other = all.find(
    (o) =>
      o !== optimizer &&
      o.groups.some((g) => g.cells.some((cell) => foreign.includes(cell))) &&
      eventsOf(m.events, 'step').some((e) => e.optimizer === o && (outer === undefined || e.loops.includes(outer))),
  );
  if (!other) return [];
  const text = `The loss of this optimizer goes through parameters that \`${other.variable ?? 'another optimizer'}\` changes in the same loop: optimizers that train together are not read`;
  return [{ text, range: other.call }];
}
