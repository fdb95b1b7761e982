import type { Clipping } from '../../../records/experiment';
import { Arguments, type Call, type Handler } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { recordClipping, recordUnread } from '../../interpret/fitting';
import { iterationOf } from '../../interpret/iteration';
import { lifted } from '../../interpret/tensors';
import type { KerasModel } from '../../values/estimators';
import type { ParameterCell, TraceNode } from '../../values/trace';
import { listValue, none, parameterOf, unknown, unreadable, type GradientValue, type Value } from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';
import { recordConstraints } from './constraints';
import { kerasClipping, kerasOptimizer } from './optimizers';

type Namespace = Value & { readonly kind: 'namespace' };

const tape: Handler = (call) => ({
  kind: 'namespace',
  entries: new Map<string, Value>([['__kerasTape', none]]),
  missing: '`%` of a gradient tape is not read',
  call,
});

/** What stands in a list, a tuple or a zip, one after the other; null when that is not known. */
function itemsOf(value: Value, call: Call): readonly Value[] | null {
  const passes = iterationOf(call.machine, value, null);
  return passes.kind === 'items' ? passes.items : null;
}

/** The scalar that is differentiated: TensorFlow takes the gradient of the sum of all elements. */
function scalarOf(value: Value, call: Call): TraceNode | Value {
  const m = call.machine;
  const node = value.kind === 'tensor' ? value.node : lifted(m, value, call.range);
  if (!node) return value.kind === 'unknown' && value.reason ? value : unreadable('This loss could not be read', call.range);
  if (!node.shape) return unreadable('The shape of this loss is not known', call.range);
  return node.shape.length === 0
    ? node
    : m.trace.add('sum', { axes: null, keep: false }, [node], node.range, { call: node.call });
}

/** Gradients of `target` by parameters: noted as a clearing and a backward call, since a tape does not add up. */
function differentiate(target: Value, sources: Value, call: Call): Value {
  const m = call.machine;
  const single = parameterOf(sources);
  const items = single ? [sources] : itemsOf(sources, call);
  const cells = items?.map(parameterOf) ?? [];
  if (!items || items.length === 0 || cells.some((cell) => cell === null)) {
    const bad = [sources, ...(items ?? [])].find((item) => item.kind === 'unknown' && item.reason);
    return bad ?? unreadable('Gradients with respect to something else than weights are not read', call.range);
  }
  const own = cells as ParameterCell[];
  if (!m.replay) {
    const loss = scalarOf(target, call);
    m.record(call.range, { kind: 'zeroGrad', optimizer: null, module: null, cells: own });
    if ('id' in loss) m.record(call.range, { kind: 'backward', loss, reason: null, cells: own });
    else {
      const reason = loss.kind === 'unknown' ? loss.reason : null;
      m.record(call.range, { kind: 'backward', loss: null, reason, cells: own });
    }
  }
  const gradients = own.map((cell): GradientValue => ({ kind: 'gradient', cell, rate: null, factor: 1, known: true }));
  return single && gradients[0] ? gradients[0] : listValue(gradients);
}

/** Methods of `tf.GradientTape`. */
export const tapeMethods: MethodTable<Namespace> = {
  watch: () => none,
  stop_recording: () => ({ kind: 'inert', path: 'tensorflow.stop_recording' }),
  reset: () => none,
  gradient: (_tape, call) => {
    const a = new Arguments(call, 'target sources');
    return differentiate(a.value('target') ?? unknown, a.value('sources') ?? unknown, call);
  },
};

const shell = (optimizer: Namespace, made: Call): KerasModel => ({
  kind: 'kerasModel',
  parts: [],
  inputs: [],
  outputs: [],
  instance: null,
  range: made.range,
  compiled: {
    range: made.range,
    name: made.name,
    call: made,
    optimizer: { value: optimizer, range: made.range },
    loss: null,
    lossWeights: null,
    frozen: new Set(),
  },
});

/** The step of a Keras optimizer over parameters. */
function stepOver(optimizer: Namespace, cells: readonly ParameterCell[], call: Call): Value {
  const made = optimizer.call;
  const m = call.machine;
  if (!made || m.replay) return none;
  const model = shell(optimizer, made);
  const value = kerasOptimizer(model, cells, call);
  m.record(value.call, { kind: 'optimizer', optimizer: value });
  recordClipping(m, kerasClipping(model), value);
  m.record(call.range, { kind: 'step', optimizer: value });
  recordConstraints(m, value);
  return none;
}

/** A step whose gradients could not be followed: its optimizer and rate are read all the same. */
function unreadStep(optimizer: Namespace, value: Value, call: Call): Value {
  const made = optimizer.call;
  if (!made || call.machine.replay) return none;
  const text = 'The gradients of this step could not be read';
  recordUnread(call.machine, call, kerasOptimizer(shell(optimizer, made), [], call), value, text);
  return none;
}

/** `optimizer.apply_gradients(zip(gradients, weights))`. */
function applyGradients(optimizer: Namespace, call: Call): Value {
  const given = new Arguments(call, 'grads_and_vars').value('grads_and_vars') ?? unknown;
  const pairs = itemsOf(given, call);
  const bad = pairs?.flatMap((pair) => (pair.kind === 'list' ? pair.items : [pair])).find((item) => item.kind === 'unknown');
  const gradients = pairs?.map((pair) => (pair.kind === 'list' ? pair.items[0] : undefined));
  if (!gradients || gradients.length === 0 || bad) return unreadStep(optimizer, bad ?? zipped(given) ?? given, call);
  const cells = gradients.flatMap((one) =>
    one?.kind === 'gradient' && one.known && one.factor === 1 && one.rate === null ? [one.cell] : [],
  );
  const changed = unreadable('These gradients are changed before the step', call.range);
  if (cells.length !== gradients.length) return unreadStep(optimizer, changed, call);
  return stepOver(optimizer, cells, call);
}

/** Why the first of the lists that are zipped is not known. */
const zipped = (value: Value): Value | null =>
  value.kind === 'iterator' ? ([value.of, ...value.others].find((one) => one.kind === 'unknown') ?? null) : null;

/** `optimizer.minimize(loss, weights)` with a function that gives the loss. */
function minimize(optimizer: Namespace, call: Call): Value {
  const a = new Arguments(call, 'loss var_list');
  const callee = a.value('loss') ?? unknown;
  if (callee.kind !== 'function') return unreadStep(optimizer, callee, call);
  const m = call.machine;
  const loss = callValue(m, callee, { ...call, positional: [], keywords: new Map() });
  const given = a.value('var_list') ?? unknown;
  const weights = given.kind === 'function' ? callValue(m, given, { ...call, positional: [], keywords: new Map() }) : given;
  const gradients = differentiate(loss, weights, call);
  const cells = gradients.kind === 'list' ? gradients.items : [gradients];
  const own = cells.flatMap((one) => (one.kind === 'gradient' ? [one.cell] : []));
  return own.length === cells.length ? stepOver(optimizer, own, call) : unreadStep(optimizer, gradients, call);
}

/** Methods of Keras's optimizers. */
export const kerasOptimizerMethods: MethodTable<Namespace> = {
  apply_gradients: applyGradients,
  apply: (optimizer, call) => {
    const [gradients, weights] = call.positional.map(({ value }) => value);
    if (!gradients || !weights) return unreadStep(optimizer, gradients ?? unknown, call);
    const pairs: Value = { kind: 'iterator', of: gradients, wrap: 'zip', others: [weights], start: 0 };
    return applyGradients(optimizer, { ...call, positional: [{ value: pairs, range: call.range }] });
  },
  minimize,
  build: () => none,
  get_config: () => unknown,
};

const clips =
  (kind: Clipping['kind']): Handler =>
  (call) => {
    const a = new Arguments(
      call,
      kind === 'value' ? 't clip_value_min clip_value_max' : kind === 'norm' ? 't_list clip_norm' : 't clip_norm',
    );
    const given = call.positional[0]?.value ?? unknown;
    const limit = a.sourcedNumber(kind === 'value' ? 'clip_value_max' : 'clip_norm');
    if (kind === 'value' && a.number('clip_value_min') !== -limit.value)
      return unreadable('Clipping between these bounds is not read', call.range);
    const cells = (given.kind === 'list' ? given.items : [given]).flatMap((one) => (one.kind === 'gradient' ? [one.cell] : []));
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    call.machine.record(call.range, { kind: 'clip', clipping: { kind, limit, normType: 2, range: call.range }, cells });
    return kind === 'norm' ? listValue([given, unknown], 'tuple') : given;
  };

/** True where a function of tensors is given gradients instead. */
export const takesGradients = (call: Call): boolean => {
  const given = call.positional[0]?.value;
  return (
    given?.kind === 'gradient' ||
    (given?.kind === 'list' && given.items.length > 0 && given.items.every((one) => one.kind === 'gradient'))
  );
};

/** Clipping of gradients by TensorFlow's functions. */
export const gradientClipping = {
  clip_by_norm: clips('normEach'),
  clip_by_value: clips('value'),
  clip_by_global_norm: clips('norm'),
} satisfies FunctionTable;

/** tf.GradientTape, and what changes gradients before the step. */
export const kerasTapeTable: FunctionTable = {
  'tensorflow.GradientTape': tape,
  'tensorflow.clip_by_norm': gradientClipping.clip_by_norm,
  'tensorflow.clip_by_global_norm': gradientClipping.clip_by_global_norm,
  'tensorflow.function': (call) => call.positional[0]?.value ?? unknown,
};
