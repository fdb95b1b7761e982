import type { DecayCurve } from '../../records/optimizer';
import type { SourceRange, Sourced } from '../../records/source';
import { Arguments, numbersOf, type Call, type Handler } from '../interpret/call';
import type { OptimizerValue, ScheduleValue } from '../values/training';
import { none, stringValue, type Value } from '../values/value';
import type { FunctionTable } from './functionTable';

interface Entry {
  readonly names: string;
  /** The curve over the first rate. */
  readonly curve: (a: Arguments, first: number) => DecayCurve | null;
}

const decays =
  (kind: 'exponential' | 'inverseTime') =>
  (a: Arguments): DecayCurve => ({
    kind,
    length: a.number('decay_steps'),
    gamma: a.number('decay_rate'),
    staircase: a.boolean('staircase', false),
  });

/** keras.optimizers.schedules, with the defaults of Keras 3. */
const entries: Readonly<Record<string, Entry>> = {
  ExponentialDecay: { names: 'initial_learning_rate decay_steps decay_rate staircase', curve: decays('exponential') },
  InverseTimeDecay: { names: 'initial_learning_rate decay_steps decay_rate staircase', curve: decays('inverseTime') },
  PolynomialDecay: {
    names: 'initial_learning_rate decay_steps end_learning_rate power cycle',
    curve: (a, first) => ({
      kind: 'polynomial',
      length: a.number('decay_steps'),
      end: a.number('end_learning_rate', 1e-4) / first,
      power: a.number('power', 1),
      cycle: a.boolean('cycle', false),
    }),
  },
  CosineDecay: {
    names: 'initial_learning_rate decay_steps alpha name warmup_target warmup_steps',
    curve: (a, first) => {
      const warmed = a.given('warmup_target');
      return {
        kind: 'cosine',
        length: a.number('decay_steps'),
        end: a.number('alpha', 0),
        warmUp: warmed ? a.number('warmup_steps', 0) : 0,
        top: warmed ? a.number('warmup_target') / first : 1,
      };
    },
  },
  CosineDecayRestarts: {
    names: 'initial_learning_rate first_decay_steps t_mul m_mul alpha',
    curve: (a) => ({
      kind: 'cosineRestarts',
      length: a.number('first_decay_steps'),
      lengthFactor: a.number('t_mul', 2),
      heightFactor: a.number('m_mul', 1),
      end: a.number('alpha', 0),
    }),
  },
  PiecewiseConstantDecay: {
    names: 'boundaries values',
    curve: (a, first) => {
      const boundaries = numbersOf(a.value('boundaries') ?? none);
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
export function kerasSchedule(value: Value | null): KerasSchedule | null {
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
  const curve = entry.curve(a, rate.value);
  const rule = curve && a.problems.length === 0 ? ({ kind: 'decay', curve } as const) : null;
  const problems = rule ? [] : [a.problems[0] ?? { text: 'This schedule could not be read', range: call.range }];
  return {
    rate,
    follow: (optimizer, { machine }) => {
      const schedule: ScheduleValue = { kind: 'schedule', optimizer, rule, range: call.range, problems };
      machine.schedules.push(schedule);
      machine.record(call.range, { kind: 'scheduleStep', schedule, metric: null });
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
