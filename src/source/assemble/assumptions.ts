import type { Assumption } from '../../records/source';
import type { Machine } from '../interpret/machine';
import type { BatchOrigin } from '../values/trace';
import type { OptimizerValue } from '../values/training';
import { nestOf } from './nest';
import { eventsOf, type UnitEvents } from './unitEvents';

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

/** What training comes after the one that is looked at; `batch`: where its batches come from. */
export function laterTraining(unit: UnitEvents, batch: BatchOrigin | null): Assumption[] {
  const later = trainedAgain(unit) ?? fittedAgain(unit) ?? trainedInPasses(unit, batch);
  return later ? [later] : [];
}

/** That the optimizer goes on in a loop of its own after the one that is looked at: a second training, or a function that trains called again. */
function trainedAgain({ all, optimizer, step }: UnitEvents): Assumption | null {
  const first = step?.loops[0];
  const later = eventsOf(all, 'step').find((e) => e.optimizer === optimizer && e.loops.length > 0 && e.loops[0] !== first);
  return first !== undefined && later
    ? {
        text: 'The script trains on with this optimizer in another loop; the first of these trainings is looked at',
        range: later.range,
      }
    : null;
}

/** That a compiled model is fitted once more: each `fit` makes its steps with the weights that the one before it left. */
function fittedAgain({ all, optimizer, step }: UnitEvents): Assumption | null {
  if (optimizer.framework !== 'keras' || !step) return null;
  const own = new Set(optimizer.groups.flatMap((group) => group.cells));
  const { call } = optimizer;
  const later = eventsOf(all, 'step').find(
    ({ optimizer: other, range }) =>
      other !== optimizer &&
      (range.line !== step.range.line || range.path !== step.range.path) &&
      other.call.path === call.path &&
      other.call.line === call.line &&
      other.groups.some((group) => group.cells.some((cell) => own.has(cell))),
  );
  return later
    ? { text: 'The script fits this model again; the first of these trainings is looked at', range: later.range }
    : null;
}

/** From an optimizer's making to its last step, in numbers of events. */
function spanOf(m: Machine, optimizer: OptimizerValue): { readonly from: number; readonly to: number } {
  const places = m.events.flatMap((e, i) =>
    (e.kind === 'optimizer' || e.kind === 'step') && e.optimizer === optimizer ? [i] : [],
  );
  return { from: places[0] ?? 0, to: (places[places.length - 1] ?? m.events.length) + 1 };
}

/** That the epochs stand in a loop that begins after the optimizer was made, so that each of its passes trains on. */
function trainedInPasses({ all, optimizer, step }: UnitEvents, batch: BatchOrigin | null): Assumption | null {
  if (!step) return null;
  const nest = nestOf(step, batch);
  const counted = nest.epoch ?? nest.batch;
  const around = counted ? step.loops.slice(0, step.loops.indexOf(counted)) : [];
  const made = eventsOf(all, 'optimizer').find((e) => e.optimizer === optimizer);
  const outer = made && around.find((loop) => !made.loops.includes(loop));
  return outer ? { text: 'Each pass of this loop trains on; the first of them is looked at', range: outer.head } : null;
}
