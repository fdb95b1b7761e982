import type { Reason } from '../../records/source';
import type { Event } from '../interpret/events';
import type { Machine } from '../interpret/machine';
import { thawedDuring } from '../interpret/trainability';
import { eventsOf, type UnitEvents } from './unitEvents';

/** What only some passes of the training do, under conditions that are not followed: none of it holds for every pass. */
export function onlySometimes(m: Machine, unit: UnitEvents): Reason[] {
  const { step } = unit;
  const anchor = step ?? unit.backward;
  const events = step ? [...schedulesSometimes(m, unit, step), ...clippingSometimes(unit, step)] : [];
  return [...chosen(unit), ...events, ...(anchor ? replaced(unit, anchor) : []), ...thawed(unit)];
}

/** `if args.opt == 'adam': optimizer = Adam(...)` and another one otherwise, with a value that the script does not say. */
const chosen = ({ optimizer: { rivals, call } }: UnitEvents): Reason[] =>
  rivals === undefined
    ? []
    : [
        {
          text: `Which of ${rivals.size} optimizers the script takes depends on a value that is not known; this is one of them`,
          range: call,
        },
      ];

/** A schedule whose one call of `step()` stands under a condition: `if epoch > 10: scheduler.step()`. */
function schedulesSometimes(m: Machine, { all, optimizer }: UnitEvents, step: Event): Reason[] {
  const own = m.schedules.filter((s) => s.optimizer === optimizer && s.partOf === undefined && s.rule !== null);
  return own.flatMap((schedule) => {
    const [first, ...others] = eventsOf(all, 'scheduleStep').filter((e) => e.schedule === schedule);
    return first && others.length === 0 && isRarer(first, step)
      ? [{ text: 'A schedule that is stepped only sometimes is not followed', range: first.range }]
      : [];
  });
}

function clippingSometimes({ all, optimizer }: UnitEvents, step: Event): Reason[] {
  const own = new Set<unknown>(optimizer.groups.flatMap(({ cells }) => cells));
  const [first, ...others] = eventsOf(all, 'clip').filter(({ cells }) => cells.some((cell) => own.has(cell)));
  return first && others.length === 0 && isRarer(first, step)
    ? [{ text: 'Clipping that is done only sometimes is not followed', range: first.range }]
    : [];
}

/** `if epoch == 10: optimizer = SGD(...)` in the loop that trains: both optimizers have a part of the steps. */
function replaced({ all, optimizer }: UnitEvents, step: Event): Reason[] {
  const made = eventsOf(all, 'optimizer');
  const cells = new Set<unknown>(optimizer.groups.flatMap((group) => group.cells));
  const isLater = (e: Event): boolean => {
    const inner = e.loops[e.loops.length - 1];
    return e.conditions.includes(null) && inner !== undefined && step.loops.includes(inner);
  };
  const same = made.filter((e) => e.optimizer.groups.some((group) => group.cells.some((cell) => cells.has(cell))));
  const later = same.find(isLater);
  return later && same.some((e) => e.conditions.length === 0)
    ? [{ text: 'An optimizer that takes the place of another one during training is not followed', range: later.range }]
    : [];
}

function thawed({ optimizer }: UnitEvents): Reason[] {
  const reasons = optimizer.groups.flatMap(({ cells }) => cells.flatMap((cell) => thawedDuring(cell) ?? []));
  return reasons.slice(0, 1);
}

/** Whether an event stands under a condition under which the step does not stand. */
const isRarer = (e: Event, step: Event): boolean => e.conditions.some((one) => !step.conditions.includes(one));
