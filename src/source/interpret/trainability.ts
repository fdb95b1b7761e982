import type { ParameterCell } from '../values/trace';
import type { Machine } from './machine';

/** Parameters that a loop thaws in each of its passes. */
const thawed = new WeakSet<ParameterCell>();

/**
 * `p.requires_grad = value`. A loop that thaws parameters for the steps of their own optimizer and freezes them for another's
 * leaves them trained: the other optimizer does not have them.
 */
export function setTrained(m: Machine, cell: ParameterCell, value: boolean): void {
  const inLoop = m.loops.length > 0 && m.conditions.length === 0;
  if (inLoop && value) thawed.add(cell);
  cell.trainable = value || (inLoop && thawed.has(cell));
}
