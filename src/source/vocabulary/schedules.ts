import type { ScheduleRule } from '../../records/optimizer';
import { Arguments, numbersOf, type Handler } from '../interpret/call';
import { callValue } from '../interpret/calls';
import type { ScheduleValue } from '../values/training';
import { numberValue, none, type Value } from '../values/value';
import type { FunctionTable } from './functionTable';

interface ScheduleEntry {
  readonly names: string;
  readonly rule: (a: Arguments) => ScheduleRule | null;
}

/** Length of the table of factors that a lambda is evaluated to. */
const lambdaLength = 1_000;
const mostWork = 30_000;

function lambdaFactors(a: Arguments): ScheduleRule | null {
  const given = a.value('lr_lambda');
  const callee = given?.kind === 'list' ? given.items[0] : given;
  if (callee?.kind !== 'function') return null;
  const factors: number[] = [];
  const start = a.call.machine.steps;
  for (let i = 0; i < lambdaLength && a.call.machine.steps - start < mostWork; i++) {
    const argument = { value: numberValue(i, true), range: a.call.range };
    const value: Value = callValue(a.call.machine, callee, {
      ...a.call,
      positional: [argument],
      keywords: new Map(),
      unclear: null,
    });
    if (value.kind !== 'number') return null;
    factors.push(value.value);
  }
  return { kind: 'table', factors };
}

/** torch.optim.lr_scheduler, with PyTorch 2's defaults. */
const entries: Readonly<Record<string, ScheduleEntry>> = {
  StepLR: {
    names: 'optimizer step_size gamma',
    rule: (a) => ({ kind: 'step', stepSize: a.number('step_size'), gamma: a.number('gamma', 0.1) }),
  },
  MultiStepLR: {
    names: 'optimizer milestones gamma',
    rule: (a) => {
      const milestones = numbersOf(a.value('milestones') ?? none);
      return milestones ? { kind: 'multiStep', milestones, gamma: a.number('gamma', 0.1) } : null;
    },
  },
  ExponentialLR: { names: 'optimizer gamma', rule: (a) => ({ kind: 'exponential', gamma: a.number('gamma') }) },
  CosineAnnealingLR: {
    names: 'optimizer T_max eta_min',
    rule: (a) => ({ kind: 'cosine', period: a.number('T_max'), minimum: a.number('eta_min', 0) }),
  },
  CosineAnnealingWarmRestarts: {
    names: 'optimizer T_0 T_mult eta_min',
    rule: (a) => ({
      kind: 'cosineWarmRestarts',
      period: a.number('T_0'),
      factor: a.number('T_mult', 1),
      minimum: a.number('eta_min', 0),
    }),
  },
  LinearLR: {
    names: 'optimizer start_factor end_factor total_iters',
    rule: (a) => ({
      kind: 'linear',
      startFactor: a.number('start_factor', 1 / 3),
      endFactor: a.number('end_factor', 1),
      length: a.number('total_iters', 5),
    }),
  },
  PolynomialLR: {
    names: 'optimizer total_iters power',
    rule: (a) => ({ kind: 'polynomial', length: a.number('total_iters', 5), power: a.number('power', 1) }),
  },
  OneCycleLR: {
    names:
      'optimizer max_lr total_steps epochs steps_per_epoch pct_start anneal_strategy cycle_momentum base_momentum max_momentum div_factor final_div_factor three_phase',
    rule: (a) => {
      const total = a.given('total_steps') ? a.number('total_steps') : a.number('epochs') * a.number('steps_per_epoch');
      if (Number.isNaN(total) || a.boolean('three_phase', false)) return null;
      return {
        kind: 'oneCycle',
        maximum: a.number('max_lr'),
        totalSteps: total,
        rise: a.number('pct_start', 0.3),
        initialDivisor: a.number('div_factor', 25),
        finalDivisor: a.number('final_div_factor', 1e4),
        shape: a.string('anneal_strategy', 'cos') === 'linear' ? 'linear' : 'cos',
      };
    },
  },
  ReduceLROnPlateau: {
    names: 'optimizer mode factor patience threshold threshold_mode cooldown min_lr',
    rule: (a) => {
      if (a.string('mode', 'min') !== 'min' || a.string('threshold_mode', 'rel') !== 'rel' || a.number('cooldown', 0) !== 0)
        return null;
      return {
        kind: 'reduceOnPlateau',
        factor: a.number('factor', 0.1),
        patience: a.number('patience', 10),
        threshold: a.number('threshold', 1e-4),
        minimum: a.number('min_lr', 0),
        of: 'validation',
      };
    },
  },
  LambdaLR: { names: 'optimizer lr_lambda', rule: lambdaFactors },
};

const handler =
  (entry: ScheduleEntry): Handler =>
  (call) => {
    const a = new Arguments(call, entry.names);
    const optimizer = a.value('optimizer');
    if (optimizer?.kind !== 'optimizer') return { kind: 'unknown', reason: null };
    const rule = entry.rule(a);
    const problems =
      rule || a.problems.length > 0 ? a.problems : [{ text: 'This schedule could not be read', range: call.range }];
    const schedule: ScheduleValue = {
      kind: 'schedule',
      optimizer,
      rule: problems.length > 0 ? null : rule,
      range: call.range,
      problems,
    };
    call.machine.schedules.push(schedule);
    return schedule;
  };

const unreadSchedule: Handler = (call) => {
  const optimizer = call.positional[0]?.value ?? call.keywords.get('optimizer')?.value;
  if (optimizer?.kind !== 'optimizer') return { kind: 'unknown', reason: null };
  const schedule: ScheduleValue = {
    kind: 'schedule',
    optimizer,
    rule: null,
    range: call.range,
    problems: [{ text: 'This schedule is not followed', range: call.range }],
  };
  call.machine.schedules.push(schedule);
  return schedule;
};

/** Constructors of schedules. */
export const scheduleTable: FunctionTable = {
  ...Object.fromEntries(
    Object.entries(entries).map(([name, entry]): [string, Handler] => [`torch.optim.lr_scheduler.${name}`, handler(entry)]),
  ),
  ...Object.fromEntries(
    ['CyclicLR', 'SequentialLR', 'ChainedScheduler', 'MultiplicativeLR', 'ConstantLR'].map((name): [string, Handler] => [
      `torch.optim.lr_scheduler.${name}`,
      unreadSchedule,
    ]),
  ),
};
