import type { Size } from '../../../graph/size';
import type { DecayCurve, ScheduleRule } from '../../../records/optimizer';
import type { SourceRange, Sourced } from '../../../records/source';
import { Arguments, numbersOf, sizeOf, type Call, type Handler } from '../../interpret/call';
import { findMember, libraryBases } from '../../interpret/classes';
import { sourced } from '../../values/origin';
import type { OptimizerValue, ScheduleValue } from '../../values/training';
import { none, stringValue, type InstanceValue, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { evaluated } from '../training/scheduleFactors';

interface Entry {
  readonly names: string;
  /** The curve over the first rate; lengths that only the data decide go to `lengths`, by their place in the rule. */
  readonly curve: (a: Arguments, first: number, lengths: Record<string, Size>) => DecayCurve | null;
}

/** A number of steps, which the data may decide. */
function steps(a: Arguments, name: string, lengths: Record<string, Size>): number {
  const size = sizeOf(a.value(name));
  if (size === null || typeof size === 'number') return a.number(name);
  lengths['curve.length'] = size;
  return Number.NaN;
}

/** Steps at which the rate changes, which the data may decide; null where one is not known. */
function boundariesOf(value: Value, lengths: Record<string, Size>): readonly number[] | null {
  const sizes = value.kind === 'list' ? value.items.map(sizeOf) : numbersOf(value);
  if (!sizes) return null;
  const counts: number[] = [];
  for (const [i, size] of sizes.entries()) {
    if (size === null) return null;
    if (typeof size !== 'number') lengths[`curve.boundaries.${i}`] = size;
    counts.push(typeof size === 'number' ? size : Number.NaN);
  }
  return counts;
}

const decays =
  (kind: 'exponential' | 'inverseTime') =>
  (a: Arguments, _first: number, lengths: Record<string, Size>): DecayCurve => ({
    kind,
    length: steps(a, 'decay_steps', lengths),
    gamma: a.number('decay_rate'),
    staircase: a.boolean('staircase', false),
  });

/** keras.optimizers.schedules, with the defaults of Keras 3. */
const entries: Readonly<Record<string, Entry>> = {
  ExponentialDecay: { names: 'initial_learning_rate decay_steps decay_rate staircase', curve: decays('exponential') },
  InverseTimeDecay: { names: 'initial_learning_rate decay_steps decay_rate staircase', curve: decays('inverseTime') },
  PolynomialDecay: {
    names: 'initial_learning_rate decay_steps end_learning_rate power cycle',
    curve: (a, first, lengths) => ({
      kind: 'polynomial',
      length: steps(a, 'decay_steps', lengths),
      end: a.number('end_learning_rate', 1e-4) / first,
      power: a.number('power', 1),
      cycle: a.boolean('cycle', false),
    }),
  },
  CosineDecay: {
    names: 'initial_learning_rate decay_steps alpha name warmup_target warmup_steps',
    curve: (a, first, lengths) => {
      const warmed = a.given('warmup_target');
      return {
        kind: 'cosine',
        length: steps(a, 'decay_steps', lengths),
        end: a.number('alpha', 0),
        warmUp: warmed ? a.number('warmup_steps', 0) : 0,
        top: warmed ? a.number('warmup_target') / first : 1,
      };
    },
  },
  CosineDecayRestarts: {
    names: 'initial_learning_rate first_decay_steps t_mul m_mul alpha',
    curve: (a, _first, lengths) => ({
      kind: 'cosineRestarts',
      length: steps(a, 'first_decay_steps', lengths),
      lengthFactor: a.number('t_mul', 2),
      heightFactor: a.number('m_mul', 1),
      end: a.number('alpha', 0),
    }),
  },
  PiecewiseConstantDecay: {
    names: 'boundaries values',
    curve: (a, first, lengths) => {
      const boundaries = boundariesOf(a.value('boundaries') ?? none, lengths);
      const values = numbersOf(a.value('values') ?? none);
      if (!boundaries || values?.length !== boundaries.length + 1) return null;
      return { kind: 'piecewise', boundaries, factors: values.map((value) => value / first) };
    },
  },
};

/** A schedule in place of a rate: its first rate, and what puts it on an optimizer. */
export interface KerasSchedule {
  readonly rate: Sourced<number>;
  readonly follow: (optimizer: OptimizerValue, call: Call) => void;
}

/** The schedule behind `value`; null when it is none. */
export function kerasSchedule(value: Value | null, at: Call): KerasSchedule | null {
  if (value?.kind === 'instance') return ownSchedule(value, at);
  const name = value?.kind === 'namespace' ? value.entries.get('__kerasSchedule') : null;
  const entry = name?.kind === 'string' ? entries[name.value] : undefined;
  if (value?.kind !== 'namespace' || !value.call || !entry) return null;
  const { call } = value;
  const a = new Arguments(call, entry.names);
  const values = a.value('values');
  const [first] = values?.kind === 'list' ? values.items : [];
  const rate =
    entry === entries['PiecewiseConstantDecay'] && first
      ? new Arguments(
          { ...call, positional: [{ value: first, range: a.range('values') }], keywords: new Map() },
          'rate',
        ).sourcedNumber('rate')
      : a.sourcedNumber('initial_learning_rate');
  const lengths: Record<string, Size> = {};
  const curve = entry.curve(a, rate.value, lengths);
  const rule = curve && a.problems.length === 0 ? ({ kind: 'decay', curve } as const) : null;
  const problems = rule ? [] : [a.problems[0] ?? { text: 'This schedule could not be read', range: call.range }];
  return {
    rate,
    follow: (optimizer, { machine }) => {
      const schedule: ScheduleValue = { kind: 'schedule', optimizer, rule, lengths, range: call.range, problems };
      machine.schedules.push(schedule);
      machine.record(call.range, { kind: 'scheduleStep', schedule, metric: null });
    },
  };
}

/** Most steps of work for the rates of a schedule of the script. */
const mostWork = 60_000;

/** True for instances of a schedule class of the script. */
const isSchedule = (value: InstanceValue): boolean =>
  libraryBases(value.type).some((path) => path.endsWith('.LearningRateSchedule'));

/**
 * A schedule class of the script: its `__call__` is asked for the rate of each step. Its highest rate stands for the optimizer's,
 * at the number of the script that it comes from where there is one.
 */
function ownSchedule(value: InstanceValue, call: Call): KerasSchedule | null {
  const method = isSchedule(value) ? findMember(value.type, '__call__') : null;
  if (method?.kind !== 'function') return null;
  const rates = evaluated({ call: { ...call, range: value.range } }, { ...method, self: value }, mostWork);
  const peak = Math.max(...(rates?.factors ?? []));
  const known = rates !== null && Number.isFinite(peak) && peak > 0 && rates.factors.every(Number.isFinite);
  const written = [...value.fields.values()].find((field) => field.kind === 'number' && field.value === peak);
  const origin = written?.kind === 'number' ? written.origin : null;
  const goesOn = rates?.goesOn ? ({ goesOn: true } as const) : {};
  const rule: ScheduleRule | null = known
    ? { kind: 'table', factors: rates.factors.map((rate) => rate / peak), ...goesOn }
    : null;
  const problems = rule ? [] : [{ text: 'The rates of this schedule could not be followed', range: value.range }];
  return {
    rate: sourced(known ? peak : Number.NaN, origin, value.range),
    follow: (optimizer, { machine }) => {
      const schedule: ScheduleValue = { kind: 'schedule', optimizer, rule, range: value.range, problems };
      machine.schedules.push(schedule);
      machine.record(value.range, { kind: 'scheduleStep', schedule, metric: null });
    },
  };
}

/** Lowers the rate of an optimizer by a curve over its steps. */
export function followCurve(optimizer: OptimizerValue, curve: DecayCurve, range: SourceRange, { machine }: Call): void {
  const schedule: ScheduleValue = { kind: 'schedule', optimizer, rule: { kind: 'decay', curve }, range, problems: [] };
  machine.schedules.push(schedule);
  machine.record(range, { kind: 'scheduleStep', schedule, metric: null });
}

const object =
  (name: string): Handler =>
  (call) => ({
    kind: 'namespace',
    entries: new Map<string, Value>([['__kerasSchedule', stringValue(name)]]),
    missing: '`%` of a schedule is not read',
    call,
  });

/** Constructors of keras.optimizers.schedules. */
export const kerasScheduleTable: FunctionTable = Object.fromEntries(
  Object.keys(entries).map((name): [string, Handler] => [`keras.optimizers.schedules.${name}`, object(name)]),
);
