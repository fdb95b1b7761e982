import { combineSizes, type Size } from '../../../graph/size';
import type { ScheduleRule } from '../../../records/optimizer';
import { Arguments, numbersOf, sizeOf, type Handler } from '../../interpret/call';
import { tableRule } from '../../values/rateTable';
import type { OptimizerValue, ScheduleValue } from '../../values/training';
import { none } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { composedSchedules } from './composedSchedules';
import { scheduleFactors } from './scheduleFactors';

/** What a schedule's arguments are read with. */
interface Reading {
  readonly a: Arguments;
  readonly optimizer: OptimizerValue;
  /** A length in ticks, which may be a size that the data decide; `field` is its name in the rule. */
  readonly length: (name: string, field: string, fallback?: number) => number;
  readonly lengths: Record<string, Size>;
}

interface ScheduleEntry {
  readonly names: string;
  readonly rule: (reading: Reading) => ScheduleRule | null;
}

type Cycle = { readonly base: number; readonly maximum: number } | null;

/** `cycle_momentum` with its two ends. */
const momentumCycle = ({ a, optimizer }: Reading, base: number, maximum: number): Cycle => {
  if (!a.boolean('cycle_momentum', true)) return null;
  if (optimizer.name === 'nadam') a.reject('cycle_momentum', 'A cycled momentum of NAdam is not followed');
  return { base: a.number('base_momentum', base), maximum: a.number('max_momentum', maximum) };
};

/** One number, or a list with one for each group. */
function rates(a: Arguments, name: string): readonly number[] {
  const numbers = numbersOf(a.value(name) ?? none);
  if (numbers && numbers.length > 0) return numbers;
  return [a.number(name)];
}

function oneCycle(reading: Reading): ScheduleRule {
  const { a, length, lengths } = reading;
  const [epochs, perEpoch] = [a.value('epochs'), a.value('steps_per_epoch')];
  let totalSteps = Number.NaN;
  if (a.given('total_steps')) totalSteps = length('total_steps', 'totalSteps');
  else {
    const [p, q] = [sizeOf(epochs), sizeOf(perEpoch)];
    if (p === null) a.number('epochs');
    else if (q === null) a.number('steps_per_epoch');
    else {
      const total = combineSizes('*', p, q);
      if (typeof total === 'number') totalSteps = total;
      else lengths['totalSteps'] = total;
    }
  }
  const maxima = rates(a, 'max_lr');
  return {
    kind: 'oneCycle',
    maximum: maxima[0] ?? Number.NaN,
    ...(maxima.length > 1 ? { maxima } : {}),
    totalSteps,
    rise: a.number('pct_start', 0.3),
    initialDivisor: a.number('div_factor', 25),
    finalDivisor: a.number('final_div_factor', 1e4),
    shape: a.string('anneal_strategy', 'cos') === 'linear' ? 'linear' : 'cos',
    ...(a.boolean('three_phase', false) ? { threePhase: true } : {}),
    momentum: momentumCycle(reading, 0.85, 0.95),
  };
}

const cyclicModes = { triangular: 'triangular', triangular2: 'triangular2', exp_range: 'expRange' } as const;

function cyclic(reading: Reading): ScheduleRule | null {
  const { a, length, lengths } = reading;
  const mode = cyclicModes[a.string('mode', 'triangular') as keyof typeof cyclicModes] ?? null;
  if (a.given('scale_fn') || mode === null) return null;
  const up = length('step_size_up', 'up', 2000);
  const down = a.given('step_size_down') ? length('step_size_down', 'down') : up;
  if (!a.given('step_size_down') && lengths['up'] !== undefined) lengths['down'] = lengths['up'];
  const gamma = a.number('gamma', 1);
  const momentum = momentumCycle(reading, 0.8, 0.9);
  return { kind: 'cyclic', low: rates(a, 'base_lr'), high: rates(a, 'max_lr'), up, down, mode, gamma, momentum };
}

function plateau({ a }: Reading): ScheduleRule | null {
  const minima = a.given('min_lr') ? rates(a, 'min_lr') : [0];
  if (minima.some((minimum) => minimum !== minima[0])) return null;
  const cooldown = a.number('cooldown', 0);
  const smallestChange = a.number('eps', 1e-8);
  return {
    kind: 'reduceOnPlateau',
    factor: a.number('factor', 0.1),
    patience: a.number('patience', 10),
    threshold: a.number('threshold', 1e-4),
    minimum: minima[0] ?? 0,
    of: 'validation',
    ...(a.string('mode', 'min') === 'max' ? { measure: 'accuracy' } : {}),
    ...(a.string('threshold_mode', 'rel') === 'abs' ? { thresholdMode: 'abs' } : {}),
    ...(cooldown === 0 ? {} : { cooldown }),
    ...(smallestChange === 1e-8 ? {} : { smallestChange }),
  };
}

/** torch.optim.lr_scheduler, with PyTorch 2's defaults. */
const entries: Readonly<Record<string, ScheduleEntry>> = {
  StepLR: {
    names: 'optimizer step_size gamma',
    rule: ({ a, length }) => ({ kind: 'step', stepSize: length('step_size', 'stepSize'), gamma: a.number('gamma', 0.1) }),
  },
  MultiStepLR: {
    names: 'optimizer milestones gamma',
    rule: ({ a }) => {
      const milestones = numbersOf(a.value('milestones') ?? none);
      return milestones ? { kind: 'multiStep', milestones, gamma: a.number('gamma', 0.1) } : null;
    },
  },
  ExponentialLR: { names: 'optimizer gamma', rule: ({ a }) => ({ kind: 'exponential', gamma: a.number('gamma') }) },
  CosineAnnealingLR: {
    names: 'optimizer T_max eta_min',
    rule: ({ a, length }) => ({ kind: 'cosine', period: length('T_max', 'period'), minimum: a.number('eta_min', 0) }),
  },
  CosineAnnealingWarmRestarts: {
    names: 'optimizer T_0 T_mult eta_min',
    rule: ({ a, length }) => ({
      kind: 'cosineWarmRestarts',
      period: length('T_0', 'period'),
      factor: a.number('T_mult', 1),
      minimum: a.number('eta_min', 0),
    }),
  },
  LinearLR: {
    names: 'optimizer start_factor end_factor total_iters',
    rule: ({ a, length }) => ({
      kind: 'linear',
      startFactor: a.number('start_factor', 1 / 3),
      endFactor: a.number('end_factor', 1),
      length: length('total_iters', 'length', 5),
    }),
  },
  ConstantLR: {
    names: 'optimizer factor total_iters',
    rule: ({ a, length }) => ({
      kind: 'constant',
      factor: a.number('factor', 1 / 3),
      length: length('total_iters', 'length', 5),
    }),
  },
  PolynomialLR: {
    names: 'optimizer total_iters power',
    rule: ({ a, length }) => ({
      kind: 'polynomial',
      length: length('total_iters', 'length', 5),
      power: a.number('power', 1),
    }),
  },
  OneCycleLR: {
    names:
      'optimizer max_lr total_steps epochs steps_per_epoch pct_start anneal_strategy cycle_momentum base_momentum max_momentum div_factor final_div_factor three_phase',
    rule: oneCycle,
  },
  CyclicLR: {
    names:
      'optimizer base_lr max_lr step_size_up step_size_down mode gamma scale_fn scale_mode cycle_momentum base_momentum max_momentum',
    rule: cyclic,
  },
  ReduceLROnPlateau: {
    names: 'optimizer mode factor patience threshold threshold_mode cooldown min_lr eps',
    rule: plateau,
  },
  LambdaLR: {
    names: 'optimizer lr_lambda',
    rule: ({ a, optimizer }) => {
      const found = scheduleFactors(a, 'lr_lambda', optimizer.groups.length);
      return found && tableRule(found.ofGroups, found.goesOn);
    },
  },
  MultiplicativeLR: {
    names: 'optimizer lr_lambda',
    rule: ({ a, optimizer }) => {
      const found = scheduleFactors(a, 'lr_lambda', optimizer.groups.length);
      const [factors, ...others] = found?.ofGroups ?? [];
      return factors && !found?.goesOn && others.length === 0 ? { kind: 'multiplicative', factors } : null;
    },
  },
};

const handler =
  (entry: ScheduleEntry): Handler =>
  (call) => {
    const a = new Arguments(call, entry.names);
    const optimizer = a.value('optimizer');
    if (optimizer?.kind !== 'optimizer') return { kind: 'unknown', reason: null };
    const lengths: Record<string, Size> = {};
    const length: Reading['length'] = (name, field, fallback) => {
      const size = sizeOf(a.value(name));
      if (size === null || typeof size === 'number') return a.number(name, fallback);
      lengths[field] = size;
      return Number.NaN;
    };
    const rule = entry.rule({ a, optimizer, length, lengths });
    const problems =
      rule || a.problems.length > 0 ? a.problems : [{ text: 'This schedule could not be read', range: call.range }];
    const schedule: ScheduleValue = {
      kind: 'schedule',
      optimizer,
      rule: problems.length > 0 ? null : rule,
      lengths,
      ...(a.value('max_lr')?.kind === 'number' ? { peak: a.sourcedNumber('max_lr') } : {}),
      range: call.range,
      problems,
    };
    call.machine.schedules.push(schedule);
    return schedule;
  };

/** Constructors of schedules. */
export const scheduleTable: FunctionTable = {
  ...Object.fromEntries(
    Object.entries(entries).map(([name, entry]): [string, Handler] => [`torch.optim.lr_scheduler.${name}`, handler(entry)]),
  ),
  ...composedSchedules,
};
