import { callFunction } from '../../interpret/calls';
import { findMember, libraryBases } from '../../interpret/classes';
import { plainCall, type Call } from '../../interpret/call';
import { ratesOf } from '../../interpret/rates';
import { tableRule } from '../../values/rateTable';
import type { OptimizerValue, ScheduleValue } from '../../values/training';
import { listValue, numberValue, type FunctionValue, type InstanceValue } from '../../values/value';

const root = 'torch.optim.lr_scheduler.';
const bases = new Set([`${root}_LRScheduler`, `${root}LRScheduler`]);

/** Most ticks that are evaluated, and most steps of work for all of them. */
const longest = 2_000;
const mostWork = 20_000;

const schedules = new WeakMap<InstanceValue, ScheduleValue>();

/** The schedule that an object of the script is; null when it is none. */
export const scheduleOf = (instance: InstanceValue): ScheduleValue | null => schedules.get(instance) ?? null;

/** True for classes of the script that inherit from one of torch's schedules. */
export const isOwnSchedule = ({ type }: InstanceValue): boolean => libraryBases(type).some((path) => path.startsWith(root));

/** What the base class gives such an object before the script's own `__init__` has run. */
export function beginSchedule(instance: InstanceValue, call: Call): void {
  const optimizer = optimizerIn(call);
  if (!optimizer) return;
  instance.fields.set('optimizer', optimizer);
  instance.fields.set('last_epoch', numberValue(0, true));
  instance.fields.set('base_lrs', listValue(ratesOf(optimizer).map((rate) => numberValue(rate, false))));
}

/** Makes the schedule of such an object: the rates that its `get_lr` gives tick by tick, or a reason. */
export function finishSchedule(instance: InstanceValue, call: Call): void {
  const m = call.machine;
  const optimizer = optimizerIn(call);
  if (!optimizer || m.replay) return;
  const { type } = instance;
  const getRates = findMember(type, 'get_lr');
  const isPlain = libraryBases(type).every((path) => bases.has(path)) && findMember(type, 'step') === null;
  const table = isPlain && getRates?.kind === 'function' ? tableOf(instance, getRates, optimizer, call) : null;
  const schedule: ScheduleValue = {
    kind: 'schedule',
    optimizer,
    rule: table && tableRule(table.ofGroups, table.goesOn),
    range: call.range,
    problems: table ? [] : [{ text: 'This schedule could not be read', range: call.range }],
  };
  schedules.set(instance, schedule);
  m.schedules.push(schedule);
}

function optimizerIn(call: Call): OptimizerValue | null {
  const given = [...call.positional, ...call.keywords.values()].map(({ value }) => value);
  return given.find((value) => value.kind === 'optimizer') ?? null;
}

/** The groups' factors for the ticks 0, 1, …; `group['lr']` is the rate of the tick before. */
function tableOf(
  instance: InstanceValue,
  getRates: FunctionValue,
  optimizer: OptimizerValue,
  call: Call,
): { readonly ofGroups: readonly (readonly number[])[]; readonly goesOn: boolean } | null {
  const m = call.machine;
  const base = ratesOf(optimizer);
  const ofGroups = base.map((): number[] => []);
  const before = new Map(instance.fields);
  const startedAt = m.steps;
  const rates = new Map([[optimizer, base]]);
  m.replay = { rates, atSteps: [], inner: [], failed: false, endless: false, startedAt };
  let known = true;
  for (let tick = 0; known && tick < longest && m.steps - startedAt < mostWork; tick++) {
    instance.fields.set('last_epoch', numberValue(tick, true));
    instance.fields.set('_step_count', numberValue(tick + 1, true));
    const given = callFunction({ ...getRates, self: instance }, plainCall(call, []));
    const now = given.kind === 'list' ? given.items.flatMap((item) => (item.kind === 'number' ? [item.value] : [])) : [];
    const factors = now.map((rate, group) => rate / (base[group] ?? Number.NaN));
    known = factors.length === base.length && factors.every(Number.isFinite);
    rates.set(optimizer, now);
    factors.forEach((factor, group) => ofGroups[group]?.push(factor));
  }
  m.replay = null;
  instance.fields.clear();
  for (const [name, value] of before) instance.fields.set(name, value);
  if (!known) return null;
  const length = ofGroups[0]?.length ?? 0;
  const goesOn = ofGroups.some((factors) => factors.slice(length >> 1).some((factor) => factor !== factors[length - 1]));
  return { ofGroups: goesOn ? ofGroups : ofGroups.map(untilSettled), goesOn };
}

/** The factors up to the first of those that stay. */
function untilSettled(factors: readonly number[]): readonly number[] {
  const last = factors[factors.length - 1];
  return factors.slice(0, factors.findLastIndex((factor) => factor !== last) + 2);
}
