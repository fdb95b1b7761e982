import type { Reason } from '../../records/source';
import { cellsBelow, eventsOf, type UnitEvents } from './unitEvents';

/** That the unit begins with weights that another optimizer's training, which is over by then, has left: a teacher, or a first stage. */
export function trainedBefore(unit: UnitEvents): Reason[] {
  const { loss, step, optimizer, all } = unit;
  if (!loss || !step) return [];
  const cells = cellsBelow(loss);
  const at = all.indexOf(step);
  const before = eventsOf(all, 'step').find(
    (e, _, steps) =>
      all.indexOf(e) < at &&
      e.optimizer !== optimizer &&
      !optimizer.rivals?.has(e.optimizer) &&
      e.loops.length > 0 &&
      !step.loops.includes(e.loops[0] as (typeof e.loops)[number]) &&
      !steps.some((other) => other.optimizer === e.optimizer && other.loops.some((loop) => step.loops.includes(loop))) &&
      e.optimizer.groups.some((group) => group.cells.some((cell) => cells.has(cell))),
  );
  return before
    ? [
        {
          text: `The weights here are those that \`${before.optimizer.variable ?? 'another optimizer'}\` has left after its training; going on from them is not followed`,
          range: before.range,
        },
      ]
    : [];
}
