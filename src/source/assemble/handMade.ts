import type { Event } from '../interpret/events';
import type { Machine } from '../interpret/machine';
import { byDefault, sourced } from '../values/origin';
import type { GroupCells, OptimizerValue } from '../values/training';
import { eventsOf, type EventOf } from './unitEvents';

/** Gradient descent that the script writes out, as an optimizer and the steps it takes. */
export interface HandMade {
  readonly optimizers: readonly OptimizerValue[];
  /** What the loss is multiplied by so that the rate alone stands in the update. */
  readonly lossFactors: ReadonlyMap<OptimizerValue, number>;
  /** The script's events with a step where the updates stand. */
  readonly events: readonly Event[];
}

/** Puts updates by hand of one loop together: they are one optimizer. */
export function handMadeOptimizers(m: Machine): HandMade {
  const loops = new Map<unknown, EventOf<'update'>[]>();
  const backwards = eventsOf(m.events, 'backward');
  for (const update of eventsOf(m.events, 'update')) {
    const loop = update.loops[update.loops.length - 1];
    if (!backwards.some((b) => b.loops[b.loops.length - 1] === loop)) continue;
    loops.set(loop, [...(loops.get(loop) ?? []), update]);
  }
  const optimizers: OptimizerValue[] = [];
  const steps = new Map<Event, Event>();
  const lossFactors = new Map<OptimizerValue, number>();
  for (const updates of loops.values()) {
    const [first] = updates;
    const last = updates[updates.length - 1];
    if (!first || !last) continue;
    const optimizer = madeOf(first, updates);
    optimizers.push(optimizer);
    lossFactors.set(optimizer, first.factor);
    steps.set(last, { ...last, kind: 'step', optimizer });
  }
  const events = m.events.flatMap((event) => {
    const step = steps.get(event);
    return step ? [event, step] : [event];
  });
  return { optimizers, lossFactors, events };
}

function madeOf(first: EventOf<'update'>, updates: readonly EventOf<'update'>[]): OptimizerValue {
  const { range } = first;
  const unread = updates.find((u) => u.rate === null || u.ascending !== first.ascending || u.factor !== first.factor);
  const varies = updates.find((u) => u.varies);
  const rate = first.rate
    ? sourced(first.rate.value, first.rate.origin, first.rate.origin?.chain.length === 0 ? first.rate.origin.place : range)
    : null;
  const own = new Map<number, EventOf<'update'>[]>();
  for (const u of updates) {
    const value = u.rate?.value ?? 0;
    own.set(value, [...(own.get(value) ?? []), u]);
  }
  const groups = [...own.values()].map((members): GroupCells => {
    const cells = members.map((u) => u.cell);
    const other = members[0]?.rate;
    return rate && other && other.value !== rate.value
      ? { cells, learningRate: sourced(other.value, other.origin, members[0]?.range ?? range) }
      : { cells };
  });
  const none = byDefault(0, range);
  return {
    kind: 'optimizer',
    name: 'sgd',
    path: 'by hand',
    learningRate: rate,
    settings: { momentum: none, dampening: none, weightDecay: none, nesterov: byDefault(false, range) },
    maximize: first.ascending,
    call: range,
    nameRange: range,
    parametersArgument: range,
    groups,
    problems: varies
      ? [{ text: 'A learning rate that is set by hand during training is not followed', range: varies.range }]
      : unread
        ? [{ text: 'This update by hand is not followed', range: unread.range }]
        : [],
    enclosing: first.enclosing,
    variable: null,
  };
}
