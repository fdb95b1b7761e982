import type { Reason } from '../../records/source';
import type { Event } from '../interpret/events';
import type { Machine } from '../interpret/machine';
import { sameRhythm } from '../values/rhythm';
import { thawedDuring } from '../interpret/trainability';
import { beyondStep } from './averaging';
import { isOftener } from './stepRhythm';
import { eventsOf, sameLoops, type UnitEvents } from './unitEvents';

/** What only some passes of the training do, under conditions that are not followed: none of it holds for every pass. */
export function onlySometimes(m: Machine, unit: UnitEvents): Reason[] {
  const { step } = unit;
  const anchor = step ?? unit.backward;
  const events = step ? [...schedulesSometimes(m, unit, step), ...clippingSometimes(unit, step)] : [];
  return [...chosen(unit), ...events, ...(anchor ? replaced(unit, anchor) : []), ...averagedElsewhere(unit), ...thawed(unit)];
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
    if (first && others.length === 0 && isRarer(first, step))
      return [{ text: 'A schedule that is stepped only sometimes is not followed', range: first.range }];
    return first && isOftener(first, step)
      ? [{ text: 'A schedule that is stepped for every batch, and the optimizer is not, is not followed', range: first.range }]
      : [];
  });
}

function clippingSometimes({ all, optimizer, backward }: UnitEvents, step: Event): Reason[] {
  const own = new Set<unknown>(optimizer.groups.flatMap(({ cells }) => cells));
  const [first, ...others] = eventsOf(all, 'clip').filter(({ cells }) => cells.some((cell) => own.has(cell)));
  if (first && others.length === 0 && isRarer(first, step))
    return [{ text: 'Clipping that is done only sometimes is not followed', range: first.range }];
  // Of gradients that are cleared for each batch, those of the step alone count.
  return first && backward && backward.conditions.length === 0 && isOftener(first, step)
    ? [{ text: 'Clipping of sums of gradients that no step takes yet is not followed', range: first.range }]
    : [];
}

/** `if epoch == 10: optimizer = SGD(...)` in the loop that trains: both optimizers have a part of the steps. */
function replaced({ all, optimizer }: UnitEvents, step: Event): Reason[] {
  const made = eventsOf(all, 'optimizer');
  const cells = new Set<unknown>(optimizer.groups.flatMap((group) => group.cells));
  const isLater = (e: Event): boolean => {
    const inner = e.loops[e.loops.length - 1];
    return e.conditions.some((one) => one === null || one.unclear) && inner !== undefined && step.loops.includes(inner);
  };
  const same = made.filter((e) => e.optimizer.groups.some((group) => group.cells.some((cell) => cells.has(cell))));
  const later = same.find(isLater);
  return later && same.some((e) => e.conditions.length === 0)
    ? [{ text: 'An optimizer that takes the place of another one during training is not followed', range: later.range }]
    : [];
}

/** An average that is not taken after every n-th step. */
function averagedElsewhere(unit: UnitEvents): Reason[] {
  const { step } = unit;
  const found = eventsOf(unit.all, 'average').find((e) => {
    const rhythms = beyondStep(e, unit);
    const isPlain = rhythms.every(({ last, unclear }) => !last && !unclear) && rhythms.length < 2;
    const isRarely = step !== null && step.conditions.length > 0 && sameLoops(e, step) && rhythms.length > 0;
    return !isPlain || isRarely || (step !== null && isOftener(e, step));
  });
  return found ? [{ text: 'The rhythm in which this average is taken is not followed', range: found.range }] : [];
}

function thawed({ optimizer }: UnitEvents): Reason[] {
  const reasons = optimizer.groups.flatMap(({ cells }) => cells.flatMap((cell) => thawedDuring(cell) ?? []));
  return reasons.slice(0, 1);
}

/** Whether an event stands under a condition under which the step does not stand. */
const isRarer = (e: Event, step: Event): boolean =>
  e.conditions.some((one) => !step.conditions.some((own) => sameRhythm(one, own)));
