import type { OptimizerKind, OptimizerSettings } from '../../../records/optimizer';
import type { SourceRange, Sourced } from '../../../records/source';
import { Arguments, type Call, type Handler } from '../../interpret/call';
import { iterationOf } from '../../interpret/iteration';
import { byDefault, sourced } from '../../values/origin';
import type { GroupCells, OptimizerValue } from '../../values/training';
import type { ParameterCell } from '../../values/trace';
import { none, parameterOf, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';

/** An optimizer of torch.optim: its arguments in order after the parameters, its default rate, its settings. */
interface OptimizerEntry<K extends OptimizerKind> {
  readonly names: string;
  /** Null when PyTorch demands one. */
  readonly defaultRate: number | null;
  readonly settings: (a: Arguments) => OptimizerSettings[K];
}

/** `betas=(0.9, 0.999)`: one of the two. */
const beta = (a: Arguments, index: 0 | 1): Sourced<number> => pairOf(a, 'betas', index, index === 0 ? 0.9 : 0.999);

/** One number of an argument that takes two, with the place of its own literal. */
function pairOf(a: Arguments, name: string, index: 0 | 1, fallback: number): Sourced<number> {
  const argument = a.argument(name);
  if (!argument) return byDefault(fallback, a.call.name);
  const item = argument.value.kind === 'list' ? argument.value.items[index] : undefined;
  if (item?.kind === 'number') {
    const inside = item.origin && within(item.origin.place, argument.range);
    return inside && item.origin
      ? sourced(item.value, { ...item.origin, chain: [] }, item.origin.place)
      : sourced(item.value, item.origin, argument.range);
  }
  a.reject(name, `The values of \`${name}\` could not be read`);
  return byDefault(fallback, a.call.name);
}

const within = (inner: SourceRange, outer: SourceRange): boolean =>
  inner.path === outer.path &&
  (inner.line > outer.line || (inner.line === outer.line && inner.column >= outer.column)) &&
  (inner.endLine < outer.endLine || (inner.endLine === outer.endLine && inner.endColumn <= outer.endColumn));

/** Settings of all that average the gradient. */
const moments = (a: Arguments): OptimizerSettings['adamax'] => ({
  beta1: beta(a, 0),
  beta2: beta(a, 1),
  epsilon: a.sourcedNumber('eps', 1e-8),
  weightDecay: a.sourcedNumber('weight_decay', 0),
});

const adam = (decay: number): OptimizerEntry<'adam'> & OptimizerEntry<'adamw'> => ({
  names: 'params lr betas eps weight_decay amsgrad',
  defaultRate: 1e-3,
  settings: (a) => ({
    beta1: beta(a, 0),
    beta2: beta(a, 1),
    epsilon: a.sourcedNumber('eps', 1e-8),
    weightDecay: a.sourcedNumber('weight_decay', decay),
    amsgrad: a.sourcedBoolean('amsgrad', false),
  }),
});

/** Defaults are PyTorch 2's. */
const entries: { readonly [K in OptimizerKind]: OptimizerEntry<K> } = {
  sgd: {
    names: 'params lr momentum dampening weight_decay nesterov',
    // PyTorch 2 has 1e-3; earlier versions demand a rate.
    defaultRate: 1e-3,
    settings: (a) => ({
      momentum: a.sourcedNumber('momentum', 0),
      dampening: a.sourcedNumber('dampening', 0),
      weightDecay: a.sourcedNumber('weight_decay', 0),
      nesterov: a.sourcedBoolean('nesterov', false),
    }),
  },
  adam: adam(0),
  adamw: adam(0.01),
  rmsprop: {
    names: 'params lr alpha eps weight_decay momentum centered',
    defaultRate: 1e-2,
    settings: (a) => ({
      alpha: a.sourcedNumber('alpha', 0.99),
      epsilon: a.sourcedNumber('eps', 1e-8),
      weightDecay: a.sourcedNumber('weight_decay', 0),
      momentum: a.sourcedNumber('momentum', 0),
      centered: a.sourcedBoolean('centered', false),
    }),
  },
  adagrad: {
    names: 'params lr lr_decay weight_decay initial_accumulator_value eps',
    defaultRate: 1e-2,
    settings: (a) => ({
      learningRateDecay: a.sourcedNumber('lr_decay', 0),
      weightDecay: a.sourcedNumber('weight_decay', 0),
      initialAccumulator: a.sourcedNumber('initial_accumulator_value', 0),
      epsilon: a.sourcedNumber('eps', 1e-10),
    }),
  },
  lbfgs: {
    names: 'params lr max_iter max_eval tolerance_grad tolerance_change history_size line_search_fn',
    defaultRate: 1,
    settings: (a) => {
      const maxIterations = a.sourcedNumber('max_iter', 20);
      const search = a.string('line_search_fn', '');
      if (search !== '' && search !== 'strong_wolfe') a.reject('line_search_fn', `The line search "${search}" is not known`);
      return {
        maxIterations,
        maxEvaluations: a.sourcedNumber('max_eval', Math.floor((maxIterations.value * 5) / 4)),
        gradientTolerance: a.sourcedNumber('tolerance_grad', 1e-7),
        changeTolerance: a.sourcedNumber('tolerance_change', 1e-9),
        history: a.sourcedNumber('history_size', 100),
        lineSearch: a.given('line_search_fn')
          ? { ...byDefault(true, a.range('line_search_fn')), isDefault: false }
          : byDefault(false, a.call.name),
        weightDecay: byDefault(0, a.call.name),
      };
    },
  },
  adadelta: {
    names: 'params lr rho eps weight_decay',
    defaultRate: 1,
    settings: (a) => ({
      rho: a.sourcedNumber('rho', 0.9),
      epsilon: a.sourcedNumber('eps', 1e-6),
      weightDecay: a.sourcedNumber('weight_decay', 0),
    }),
  },
  adamax: { names: 'params lr betas eps weight_decay', defaultRate: 2e-3, settings: moments },
  nadam: {
    names: 'params lr betas eps weight_decay momentum_decay decoupled_weight_decay',
    defaultRate: 2e-3,
    settings: (a) => ({
      ...moments(a),
      momentumDecay: a.sourcedNumber('momentum_decay', 4e-3),
      decoupledDecay: a.sourcedBoolean('decoupled_weight_decay', false),
    }),
  },
  radam: {
    names: 'params lr betas eps weight_decay decoupled_weight_decay',
    defaultRate: 1e-3,
    settings: (a) => ({ ...moments(a), decoupledDecay: a.sourcedBoolean('decoupled_weight_decay', false) }),
  },
  asgd: {
    names: 'params lr lambd alpha t0 weight_decay',
    defaultRate: 1e-2,
    settings: (a) => ({
      pull: a.sourcedNumber('lambd', 1e-4),
      power: a.sourcedNumber('alpha', 0.75),
      weightDecay: a.sourcedNumber('weight_decay', 0),
    }),
  },
  rprop: {
    names: 'params lr etas step_sizes',
    defaultRate: 1e-2,
    settings: (a) => ({
      shrinking: pairOf(a, 'etas', 0, 0.5),
      growing: pairOf(a, 'etas', 1, 1.2),
      smallestStep: pairOf(a, 'step_sizes', 0, 1e-6),
      largestStep: pairOf(a, 'step_sizes', 1, 50),
      weightDecay: byDefault(0, a.call.name),
    }),
  },
};

/** Optimizers whose name is known and whose update is not. */
const unsupported = ['SparseAdam', 'Adafactor', 'Muon'];

/** Parameters in a list, a generator or one tensor; a problem when something else is there. */
function cellsOf(value: Value, a: Arguments, range: SourceRange): ParameterCell[] {
  const single = parameterOf(value);
  if (single) return [single];
  const iteration = iterationOf(a.call.machine, value, range);
  if (iteration.kind !== 'items') {
    a.problems.push(
      value.kind === 'unknown' && value.reason
        ? value.reason
        : { text: 'Which parameters are optimized could not be read', range },
    );
    return [];
  }
  return iteration.items.flatMap((item) => {
    const cell = parameterOf(item) ?? (item.kind === 'list' && item.items[1] ? parameterOf(item.items[1]) : null);
    if (!cell) a.problems.push(item.kind === 'unknown' && item.reason ? item.reason : { text: 'This is not a parameter', range });
    return cell ? [cell] : [];
  });
}

function groupsOf(a: Arguments): GroupCells[] {
  const argument = a.argument('params');
  if (!argument) {
    a.problems.push({ text: 'The parameters are not given', range: a.call.range });
    return [];
  }
  const { value, range } = argument;
  const items = value.kind === 'list' ? value.items : [];
  if (items.length === 0 || !items.every((item) => item.kind === 'dict')) return [{ cells: cellsOf(value, a, range) }];
  return items.map((item) => groupOf(named(item.kind === 'dict' ? item.entries : new Map<string, Value>()), a, range));
}

/** `optimizer.add_param_group({'params': …})`. */
export function addGroup(optimizer: OptimizerValue, call: Call): Value {
  const a = new Arguments(call, 'param_group');
  const given = a.value('param_group');
  if (call.machine.replay) return none;
  if (call.machine.loops.length > 0) a.reject('param_group', 'Parameters that join while it trains are not followed');
  else if (given?.kind === 'dict')
    optimizer.groups = [...optimizer.groups, groupOf(named(given.entries), a, a.range('param_group'))];
  else a.reject('param_group', 'This group of parameters could not be read');
  optimizer.problems = [...optimizer.problems, ...a.problems];
  return none;
}

/** The entries of a dictionary by names. */
const named = (entries: ReadonlyMap<unknown, Value>): ReadonlyMap<string, Value> =>
  new Map([...entries].map(([name, value]) => [String(name), value]));

/** What groups may say beside their settings. */
const labels = new Set(['params', 'name', 'initial_lr']);

/** A group of parameters with its own rate and decay; another setting of its own is not followed. */
function groupOf(entries: ReadonlyMap<string, Value>, a: Arguments, range: SourceRange): GroupCells {
  const cells = cellsOf(entries.get('params') ?? { kind: 'unknown', reason: null }, a, range);
  const rate = groupNumber('lr', entries, a, range);
  const decay = groupNumber('weight_decay', entries, a, range);
  for (const [name, value] of entries) {
    if (labels.has(name) || name === 'lr' || name === 'weight_decay' || isSame(value, a.value(name))) continue;
    a.problems.push({ text: `A group's own \`${name}\` is not followed`, range });
  }
  return { cells, ...(rate ? { learningRate: rate } : {}), ...(decay ? { weightDecay: decay } : {}) };
}

/** True where a group repeats a plain value that the call has for all. */
const isSame = (own: Value, all: Value | null): boolean =>
  (own.kind === 'number' || own.kind === 'boolean') && all?.kind === own.kind && all.value === own.value;

/** A number of a group; one that stands in the argument itself is its own place. */
function groupNumber(
  name: string,
  entries: ReadonlyMap<string, Value>,
  a: Arguments,
  range: SourceRange,
): Sourced<number> | null {
  const value = entries.get(name);
  if (value === undefined) return null;
  if (value.kind !== 'number') {
    const why = value.kind === 'unknown' ? value.reason : null;
    a.problems.push(why ?? { text: `The \`${name}\` of this group could not be read`, range });
    return null;
  }
  if (value.origin && within(value.origin.place, range)) return sourced(value.value, null, value.origin.place);
  return sourced(value.value, value.origin, range);
}

function make<K extends OptimizerKind>(kind: K, entry: OptimizerEntry<K>, path: string, call: Call): Value {
  const m = call.machine;
  const a = new Arguments(call, entry.names);
  const groups = groupsOf(a);
  const learningRate = entry.defaultRate === null ? a.sourcedNumber('lr') : a.sourcedNumber('lr', entry.defaultRate);
  const value: OptimizerValue = {
    kind: 'optimizer',
    name: kind,
    path,
    learningRate: Number.isNaN(learningRate.value) ? null : learningRate,
    settings: entry.settings(a),
    maximize: a.boolean('maximize', false),
    call: call.range,
    nameRange: call.name,
    parametersArgument: a.range('params'),
    groups,
    problems: a.problems,
    enclosing: enclosingName(call),
    variable: null,
  };
  m.record(call.range, { kind: 'optimizer', optimizer: value });
  return value;
}

const enclosingName = (call: Call): string | null => {
  const stack = call.machine.callStack;
  return stack[stack.length - 1]?.name ?? null;
};

const refuse =
  (name: string): Handler =>
  (call) => {
    const a = new Arguments(call, 'params lr');
    const groups = groupsOf(a);
    const given = a.argument('lr');
    const value: OptimizerValue = {
      kind: 'optimizer',
      name: 'unsupported',
      path: `torch.optim.${name}`,
      learningRate: given?.value.kind === 'number' ? sourced(given.value.value, given.value.origin, given.range) : null,
      settings: null,
      maximize: false,
      call: call.range,
      nameRange: call.name,
      parametersArgument: a.range('params'),
      groups,
      problems: [{ text: `The optimizer ${name} is not followed yet`, range: call.range }],
      enclosing: enclosingName(call),
      variable: null,
    };
    call.machine.record(call.range, { kind: 'optimizer', optimizer: value });
    return value;
  };

const handler = <K extends OptimizerKind>(name: string, kind: K): [string, Handler] => {
  const path = `torch.optim.${name}`;
  return [path, (call) => make(kind, entries[kind], path, call)];
};

/** Adam, which `decoupled_weight_decay` makes AdamW; its decay is 0 unless it is given all the same. */
const adamOrDecoupled: Handler = (call) => {
  const isDecoupled = new Arguments(call, adam(0).names).boolean('decoupled_weight_decay', false);
  const path = 'torch.optim.Adam';
  return isDecoupled ? make('adamw', adam(0), path, call) : make('adam', adam(0), path, call);
};

/** Constructors of torch.optim. */
export const optimizerTable: FunctionTable = Object.fromEntries([
  handler('SGD', 'sgd'),
  ['torch.optim.Adam', adamOrDecoupled],
  handler('AdamW', 'adamw'),
  handler('RMSprop', 'rmsprop'),
  handler('Adagrad', 'adagrad'),
  handler('Adadelta', 'adadelta'),
  handler('LBFGS', 'lbfgs'),
  handler('Adamax', 'adamax'),
  handler('NAdam', 'nadam'),
  handler('RAdam', 'radam'),
  handler('ASGD', 'asgd'),
  handler('Rprop', 'rprop'),
  ...unsupported.map((name): [string, Handler] => [`torch.optim.${name}`, refuse(name)]),
]);
