import type { WeightBounds } from '../../records/experiment';
import type { Reason } from '../../records/source';
import { sameConditions } from '../values/rhythm';
import type { ParameterCell } from '../values/trace';
import { eventsOf, sameLoops, type EventOf, type UnitEvents } from './unitEvents';

/** Parameters of the unit's optimizer that the script cuts off around each step; a reason where it does so in another rhythm. */
export function boundsOf(
  unit: UnitEvents,
  cells: readonly ParameterCell[],
): { readonly bounds: readonly WeightBounds[]; readonly problems: readonly Reason[] } {
  const { step, optimizer, all } = unit;
  const own = new Set(optimizer.groups.flatMap((g) => g.cells));
  const events = eventsOf(all, 'bound').filter(({ cell }) => own.has(cell));
  const calls = new Map<string, EventOf<'bound'>[]>();
  for (const e of events) {
    const key = `${e.range.path} ${e.range.line} ${e.range.column}`;
    calls.set(key, [...(calls.get(key) ?? []), e]);
  }
  const bounds: WeightBounds[] = [];
  const problems: Reason[] = [];
  for (const [first, ...rest] of calls.values()) {
    if (!first) continue;
    const together = [first, ...rest];
    const isEachStep =
      step !== null &&
      together.every((e) => sameLoops(e, step) && sameConditions(e.conditions, step.conditions) && isSame(e, first));
    if (!isEachStep || optimizer.name === 'lbfgs') {
      problems.push({ text: 'How often these parameters are cut off could not be read', range: first.range });
      continue;
    }
    bounds.push({
      low: first.low,
      high: first.high,
      ...(first.norms ? { norms: first.norms } : {}),
      when: all.indexOf(first) < all.indexOf(step) ? 'beforeStep' : 'afterStep',
      parameters: [...new Set(together.map(({ cell }) => cells.indexOf(cell)))].filter((index) => index >= 0),
      range: first.range,
    });
  }
  return { bounds, problems };
}

const isSame = (a: EventOf<'bound'>, b: EventOf<'bound'>): boolean =>
  a.low?.value === b.low?.value && a.high?.value === b.high?.value && JSON.stringify(a.norms) === JSON.stringify(b.norms);

/** Parameters of a model that are cut off and that none of these units trains. */
export function boundsElsewhere(units: readonly UnitEvents[], cells: readonly ParameterCell[]): Reason[] {
  const trained = new Set(units.flatMap(({ optimizer }) => optimizer.groups.flatMap((g) => g.cells)));
  const held = new Set(cells);
  const other = eventsOf(units[0]?.all ?? [], 'bound').find(({ cell }) => held.has(cell) && !trained.has(cell));
  return other ? [{ text: 'How often these parameters are cut off could not be read', range: other.range }] : [];
}
