import type { Size } from '../../../graph/size';
import type { ScheduleRule } from '../../../records/optimizer';
import { Arguments, sizeOf, type Call, type Handler } from '../../interpret/call';
import type { ScheduleValue } from '../../values/training';
import { unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';

/** Schedules in a list; null when something else is among them. */
function schedulesIn(value: Value | null): readonly ScheduleValue[] | null {
  const items = value?.kind === 'list' ? value.items : [];
  const schedules = items.flatMap((item) => (item.kind === 'schedule' ? [item] : []));
  return schedules.length > 0 && schedules.length === items.length ? schedules : null;
}

/** One schedule over `parts`, which are no longer stepped by themselves. */
function compose(
  call: Call,
  parts: readonly ScheduleValue[],
  lengths: Readonly<Record<string, Size>>,
  ruleOf: (parts: readonly ScheduleRule[]) => ScheduleRule,
): Value {
  const [first] = parts;
  if (!first) return unreadable('The parts of this schedule could not be read', call.range);
  const rules = parts.flatMap(({ rule }) => (rule ? [rule] : []));
  const problems = parts.flatMap((part) => part.problems);
  if (rules.some(({ kind }) => kind === 'reduceOnPlateau'))
    problems.push({ text: 'A schedule that waits for a plateau is not followed inside another one', range: call.range });
  const ofParts = parts.flatMap((part, i) =>
    Object.entries(part.lengths ?? {}).map(([name, size]) => [`parts.${i}.${name}`, size] as const),
  );
  const whole: ScheduleValue = {
    kind: 'schedule',
    optimizer: first.optimizer,
    rule: problems.length > 0 || rules.length < parts.length ? null : ruleOf(rules),
    lengths: { ...Object.fromEntries(ofParts), ...lengths },
    range: call.range,
    problems,
  };
  for (const part of parts) part.partOf = whole;
  call.machine.schedules.push(whole);
  return whole;
}

const sequential: Handler = (call) => {
  const a = new Arguments(call, 'optimizer schedulers milestones');
  const parts = schedulesIn(a.value('schedulers'));
  const given = a.value('milestones');
  const sizes = given?.kind === 'list' ? given.items.map(sizeOf) : [];
  const lengths: Record<string, Size> = {};
  const milestones = sizes.flatMap((size, i) => {
    if (size !== null && typeof size !== 'number') lengths[`milestones.${i}`] = size;
    return size === null ? [] : [typeof size === 'number' ? size : Number.NaN];
  });
  if (!parts || milestones.length !== parts.length - 1) return unfollowed(call, parts);
  return compose(call, parts, lengths, (rules) => ({ kind: 'sequence', parts: rules, milestones }));
};

const chained: Handler = (call) => {
  const parts = schedulesIn(new Arguments(call, 'schedulers optimizer').value('schedulers'));
  return parts ? compose(call, parts, {}, (rules) => ({ kind: 'chain', parts: rules })) : unfollowed(call, parts);
};

/** A schedule that is there and has an effect, which is not known. */
function unfollowed(call: Call, parts: readonly ScheduleValue[] | null): Value {
  const named = call.positional[0]?.value ?? call.keywords.get('optimizer')?.value;
  const optimizer = parts?.[0]?.optimizer ?? (named?.kind === 'optimizer' ? named : null);
  const problem = { text: 'This schedule could not be read', range: call.range };
  if (!optimizer) return unreadable(problem.text, problem.range);
  const schedule: ScheduleValue = { kind: 'schedule', optimizer, rule: null, range: call.range, problems: [problem] };
  call.machine.schedules.push(schedule);
  return schedule;
}

const other: Handler = (call) => unfollowed(call, null);

/** Schedules that are made of others, and those that are known by name only. */
export const composedSchedules: FunctionTable = {
  ...Object.fromEntries(
    [
      'torch.optim.swa_utils.SWALR',
      'torch.optim.lr_scheduler.LRScheduler',
      ...['linear', 'cosine', 'constant', 'polynomial_decay'].map((kind) => `transformers.get_${kind}_schedule_with_warmup`),
      'transformers.get_constant_schedule',
      'transformers.get_scheduler',
    ].map((path) => [path, other]),
  ),
  'torch.optim.lr_scheduler.SequentialLR': sequential,
  'torch.optim.lr_scheduler.ChainedScheduler': chained,
};
