import type { Assumption } from '../../records/source';
import type { Machine } from '../interpret/machine';
import type { OptimizerValue } from '../values/training';
import type { UnitEvents } from './unitEvents';

/** What was taken for granted on the way to this unit: before it, or while it trains. */
export function assumptionsOf(m: Machine, unit: UnitEvents, all: readonly OptimizerValue[]): Assumption[] {
  const spans = all.map((optimizer) => spanOf(m, optimizer));
  const own = spans[all.indexOf(unit.optimizer)];
  return m.assumptions.flatMap(({ assumption, at }) => {
    const mine = at.some((place) => {
      const inside = spans.filter((s) => place > s.from && place <= s.to);
      return (
        own !== undefined && (inside.length > 0 ? inside.includes(own) : place <= own.to || spans.every((s) => place > s.to))
      );
    });
    return mine ? [assumption] : [];
  });
}

/** From an optimizer's making to its last step, in numbers of events. */
function spanOf(m: Machine, optimizer: OptimizerValue): { readonly from: number; readonly to: number } {
  const places = m.events.flatMap((e, i) =>
    (e.kind === 'optimizer' || e.kind === 'step') && e.optimizer === optimizer ? [i] : [],
  );
  return { from: places[0] ?? 0, to: (places[places.length - 1] ?? m.events.length) + 1 };
}
