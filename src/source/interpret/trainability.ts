import type { Reason } from '../../records/source';
import type { ParameterCell } from '../values/trace';
import type { Machine } from './machine';

/** Parameters that a loop thaws in each of its passes. */
const thawed = new WeakSet<ParameterCell>();

/** Why it is not known when a parameter is trained. */
const changed = new WeakMap<ParameterCell, Reason>();

/** Why it is not known in which passes of the training a parameter is trained; null where it always is, or never. */
export const thawedDuring = (cell: ParameterCell): Reason | null => changed.get(cell) ?? null;

/**
 * `p.requires_grad = value`. A loop that thaws parameters for the steps of their own optimizer and freezes them for another's
 * leaves them trained: the other optimizer does not have them.
 */
export function setTrained(m: Machine, cell: ParameterCell, value: boolean): void {
  const inLoop = m.loops.length > 0 && m.conditions.length === 0;
  const training = m.loops.find((loop) => loop.trains);
  if (training && m.conditions.some((one) => one === null || one.unclear) && cell.trainable !== value)
    changed.set(cell, { text: 'Parameters that are frozen or thawed during training are not followed', range: training.head });
  if (inLoop && value) thawed.add(cell);
  cell.trainable = value || (inLoop && thawed.has(cell));
}
