import type { SourceRange, Sourced } from '../../records/source';
import type { ParameterCell } from '../values/trace';
import type { Machine } from './machine';

/** Bounds of a parameter's values; null is open. */
export interface Bounds {
  readonly low: Sourced<number> | null;
  readonly high: Sourced<number> | null;
}

/** Notes that the script cuts a parameter's values off at two bounds; before a loop that changes its first values, which is not read. */
export function noteBounds(m: Machine, cell: ParameterCell, bounds: Bounds, range: SourceRange): void {
  if (m.loops.length === 0) cell.unread ??= { text: 'The first values of this parameter are cut off, which is not read', range };
  else m.record(range, { kind: 'bound', cell, ...bounds });
}
