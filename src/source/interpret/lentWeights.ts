import type { SourceRange } from '../../records/source';
import type { ParameterCell } from '../values/trace';
import type { Machine } from './machine';

/** What a parameter was before the script put other values into it, and how many events lay before that. */
interface Lent {
  readonly before: Pick<ParameterCell, 'unread' | 'range' | 'isDefault'>;
  readonly events: number;
}

const lent = new WeakMap<ParameterCell, Lent>();

/** Notes that a parameter is given values that are not known: until it gets its own back, where that is in a loop. */
export function lendWeights(m: Machine, cell: ParameterCell, range: SourceRange): void {
  const { unread, isDefault } = cell;
  if (m.loops.length > 0 && !unread)
    lent.set(cell, { before: { unread, range: cell.range, isDefault }, events: m.events.length });
  cell.isDefault = false;
  cell.range = range;
  cell.unread = { text: 'The values given to this parameter could not be read', range };
}

/**
 * The parameter has its own values again. What happened in between leaves the training as it is, where nothing was trained; where
 * nothing else was put into it before, these are its values of an earlier step.
 */
export function giveWeightsBack(m: Machine, cell: ParameterCell, range: SourceRange): void {
  const loan = lent.get(cell);
  if (!loan) {
    if (m.loops.length > 0) lendWeights(m, cell, range);
    return;
  }
  lent.delete(cell);
  if (m.events.slice(loan.events).some(({ kind }) => kind === 'backward' || kind === 'step')) return;
  Object.assign(cell, loan.before);
  m.assume('Other weights that the script evaluates in between, such as their average, are not evaluated', range);
}
