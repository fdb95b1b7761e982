import type { Initializer } from '../../../records/model/initializer';
import { Arguments, type Call, type Handler, type Method } from '../../interpret/call';
import { giveWeightsBack } from '../../interpret/lentWeights';
import { opaqueOperation } from '../../interpret/tensors';
import { none, parameterOf, type Value } from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';
import { knownGain } from './gains';
import { scaleWeights, takeWeights } from './givenWeights';

type Made = Exclude<Initializer, { readonly kind: 'biasUniform' }>;

interface InitEntry {
  readonly names: string;
  readonly make: (a: Arguments) => Made;
}

const kaiming = (kind: 'kaimingUniform' | 'kaimingNormal'): InitEntry => ({
  names: 'tensor a mode nonlinearity',
  make: (a) => ({
    kind,
    slope: a.number('a', 0),
    mode: a.string('mode', 'fan_in') === 'fan_out' ? 'fanOut' : 'fanIn',
    nonlinearity: a.string('nonlinearity', 'leaky_relu'),
  }),
});

const xavier = (kind: 'xavierUniform' | 'xavierNormal'): InitEntry => ({
  names: 'tensor gain',
  make: (a) => ({ kind, gain: a.number('gain', 1) }),
});

const constant = (value: number): InitEntry => ({ names: 'tensor', make: () => ({ kind: 'constant', value }) });

/** torch.nn.init, with its defaults. */
const entries: Readonly<Record<string, InitEntry>> = {
  uniform_: { names: 'tensor a b', make: (a) => ({ kind: 'uniform', low: a.number('a', 0), high: a.number('b', 1) }) },
  normal_: {
    names: 'tensor mean std',
    make: (a) => ({ kind: 'normal', mean: a.number('mean', 0), deviation: a.number('std', 1) }),
  },
  trunc_normal_: {
    names: 'tensor mean std a b',
    make: (a) => ({
      kind: 'truncatedNormal',
      mean: a.number('mean', 0),
      deviation: a.number('std', 1),
      low: a.number('a', -2),
      high: a.number('b', 2),
    }),
  },
  constant_: { names: 'tensor val', make: (a) => ({ kind: 'constant', value: a.number('val') }) },
  zeros_: constant(0),
  ones_: constant(1),
  eye_: { names: 'tensor', make: () => ({ kind: 'identity' }) },
  dirac_: {
    names: 'tensor groups',
    make: (a) => {
      const groups = a.number('groups', 1);
      return groups === 1 ? { kind: 'identity' } : { kind: 'identity', groups };
    },
  },
  xavier_uniform_: xavier('xavierUniform'),
  xavier_normal_: xavier('xavierNormal'),
  kaiming_uniform_: kaiming('kaimingUniform'),
  kaiming_normal_: kaiming('kaimingNormal'),
  orthogonal_: { names: 'tensor gain', make: (a) => ({ kind: 'orthogonal', gain: a.number('gain', 1) }) },
  sparse_: {
    names: 'tensor sparsity std',
    make: (a) => ({ kind: 'sparse', sparsity: a.number('sparsity'), deviation: a.number('std', 0.01) }),
  },
};

/** Gives the parameter its first values. What cannot be read is remembered with the parameter. */
function initialise(value: Value, a: Arguments, entry: InitEntry): Value {
  const cell = parameterOf(value);
  if (!cell) return none;
  const initializer = entry.make(a);
  cell.initializer = initializer;
  cell.isDefault = false;
  Reflect.deleteProperty(cell, 'stream');
  cell.range = a.call.range;
  cell.unread = a.problems[0] ?? null;
  return value;
}

const handler =
  (entry: InitEntry): Handler =>
  (call) => {
    const a = new Arguments(call, entry.names);
    return initialise(a.value('tensor') ?? none, a, entry);
  };

const gain: Handler = (call) => {
  const a = new Arguments(call, 'nonlinearity param');
  const name = a.string('nonlinearity', '');
  const slope = a.number('param', 0.01);
  const value = knownGain(name, slope);
  return value === undefined
    ? { kind: 'unknown', reason: { text: 'This gain is not known', range: call.range } }
    : { kind: 'number', value, integer: false, origin: null };
};

/** Functions of torch.nn.init; the old names without an underscore too. */
export const initTable: FunctionTable = {
  ...Object.fromEntries(
    Object.entries(entries).flatMap(([name, entry]): [string, Handler][] => [
      [`torch.nn.init.${name}`, handler(entry)],
      [`torch.nn.init.${name.slice(0, -1)}`, handler(entry)],
    ]),
  ),
  'torch.nn.init.calculate_gain': gain,
};

/** In-place methods of a parameter's values, which take their arguments without the tensor. */
const asMethod =
  (name: string): ((value: Value, call: Call) => Value) =>
  (value, call) => {
    const entry = entries[name];
    if (!entry) return value;
    return initialise(value, new Arguments(call, entry.names.split(' ').slice(1).join(' ')), entry);
  };

/** `weight.data.mul_(0.1)` and `div_(10)`. */
const multiplied =
  (name: string, factorOf: (by: number) => number): Method =>
  (value, call) => {
    const cell = parameterOf(value);
    if (!cell) return value;
    const m = call.machine;
    const by = call.positional[0]?.value;
    scaleWeights(m, cell, by?.kind === 'number' ? factorOf(by.value) : null, call.range);
    // What is added to it in the same statement is part of a change that is not followed, as an average's.
    return m.loops.length === 0 ? value : opaqueOperation(m, `.${name}()`, [value], call.range);
  };

/** `weight.data.normal_(0, 0.1)` and its relatives; `uniform_` starts at 0 to 1 here as there. */
export const parameterMethods: MethodTable = {
  normal_: asMethod('normal_'),
  uniform_: asMethod('uniform_'),
  zero_: asMethod('zeros_'),
  fill_: asMethod('constant_'),
  mul_: multiplied('mul_', (by) => by),
  div_: multiplied('div_', (by) => 1 / by),
  copy_: (value, call) => {
    const cell = parameterOf(value);
    const given = call.positional[0]?.value ?? none;
    if (cell && parameterOf(given) === cell) giveWeightsBack(call.machine, cell, call.range);
    else if (cell) takeWeights(call.machine, cell, given, call.range);
    return value;
  },
};
