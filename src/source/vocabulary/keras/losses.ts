import type { LayerKind, Layers } from '../../../records/model/layers';
import { Arguments, plainCall, type Call } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { findMember, libraryBases } from '../../interpret/classes';
import type { Built } from '../../interpret/fitting';
import type { Machine } from '../../interpret/machine';
import type { KerasModel } from '../../values/estimators';
import type { TraceNode } from '../../values/trace';
import { tensorValue, unreadable, type FunctionValue, type InstanceValue, type Value } from '../../values/value';
import { Scope } from '../../values/scope';
import { lossFormulas } from './lossFormulas';

/** What Keras clips probabilities with. */
const fuzz = 1e-7;

/** How a loss was written: its name without underscores, and its arguments. */
export interface WrittenLoss {
  readonly name: string;
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
  /** Huber's bound between square and line. */
  readonly delta: number;
  /** What becomes of the losses of single rows. */
  readonly reduction: 'mean' | 'sum' | 'none';
}

/** Names of the arguments of a loss object in their order. */
const argumentNames = (name: string): string =>
  /^huber/i.test(name) ? 'delta' : name.endsWith('entropy') ? 'from_logits label_smoothing' : '';

const reductions: Readonly<Record<string, WrittenLoss['reduction']>> = {
  sum_over_batch_size: 'mean',
  sum_over_batch: 'mean',
  auto: 'mean',
  sum: 'sum',
  none: 'none',
};

/** The loss that a call of its class or function names; null when one of its arguments is not read. */
export function lossOfCall(name: string, a: Arguments): WrittenLoss | null {
  const reduction = a.value('reduction');
  const named = reduction?.kind === 'string' ? reduction.value : reduction?.kind === 'external' ? reduction.path : 'auto';
  const reduced = reductions[(named.split('.').pop() ?? '').toLowerCase()];
  const read = {
    name: plain(name),
    fromLogits: a.boolean('from_logits', false),
    labelSmoothing: a.number('label_smoothing', 0),
    delta: a.number('delta', 1),
    reduction: reduction?.kind === 'none' ? 'none' : reduced,
  };
  return a.problems.length > 0 || !read.reduction ? null : { ...read, reduction: read.reduction };
}

/** The loss that a value names: a string, a function or class of Keras, or an object; null for others. */
export function writtenLoss(value: Value | null): WrittenLoss | null {
  const bare = { fromLogits: false, labelSmoothing: 0, delta: 1, reduction: 'mean' } as const;
  if (value?.kind === 'string') return { name: plain(value.value), ...bare };
  if (value?.kind === 'external') return { name: plain(value.path.split('.').pop() ?? ''), ...bare };
  const name = value?.kind === 'namespace' ? value.entries.get('__kerasLoss') : null;
  if (value?.kind !== 'namespace' || name?.kind !== 'string' || !value.call) return null;
  return lossOfCall(name.value, new Arguments(value.call, argumentNames(name.value)));
}

const plain = (name: string): string => name.toLowerCase().replace(/_/g, '');

/** True for loss classes whose `__init__` asks for a sum over the rows or for no reduction. */
function reducesOtherwise(value: InstanceValue): boolean {
  const init = findMember(value.type, '__init__');
  const text = init?.kind === 'function' ? JSON.stringify(init.body) : '';
  return text.includes('"reduction"') && /"(sum|none|SUM|NONE)"/.test(text);
}

/** A function of the script that computes a loss, or the `call` of a loss class of the script; null for others. */
function ownFunction(value: Value | null): FunctionValue | null {
  if (value?.kind === 'function') return value;
  const isLoss = value?.kind === 'instance' && libraryBases(value.type).some((path) => /(^|\.)losses\.Loss$/.test(path));
  const method = isLoss && !reducesOtherwise(value) ? findMember(value.type, 'call') : null;
  return method?.kind === 'function' && value?.kind === 'instance' ? { ...method, self: value } : null;
}

/**
 * The loss over a model's output as Keras computes it: cross-entropies of a softmax or sigmoid
 * are taken on what went into it, other outputs are clipped.
 */
export function kerasLoss(m: Machine, model: KerasModel, output: TraceNode, target: TraceNode): Built | Value {
  const argument = model.compiled?.loss ?? null;
  const range = argument?.range ?? model.compiled?.range ?? model.range;
  const own = ownFunction(argument?.value ?? null);
  if (own) return ownLoss(m, own, output, likeOutput(m, output, target, range), model, range);
  const written = writtenLoss(argument?.value ?? null);
  const call = model.compiled?.range ?? range;
  if (!written)
    return argument?.value.kind === 'unknown' && argument.value.reason
      ? argument.value
      : unreadable('This loss is not read', range);
  return lossOver(m, written, output, target, { range, call });
}

/** Where a loss stands, and the call that takes it. */
interface LossPlace {
  readonly range: TraceNode['range'];
  readonly call: TraceNode['range'];
}

/** The scalar loss of a batch. */
export function lossOver(
  m: Machine,
  written: WrittenLoss,
  output: TraceNode,
  target: TraceNode,
  { range, call }: LossPlace,
): Built | Value {
  const node = <K extends LayerKind>(kind: K, args: Layers[K], ...inputs: TraceNode[]): TraceNode =>
    m.trace.add(kind, args, inputs, range, { call });
  if (written.reduction !== 'mean') {
    const rows = lossOfRows(m, written, output, likeOutput(m, output, target, range), { range, call });
    if ('kind' in rows && rows.kind === 'built' && written.reduction === 'sum')
      return { ...rows, loss: node('sum', { axes: null, keep: false }, rows.loss) };
    return rows;
  }
  const entropy = { reduction: 'mean', labelSmoothing: written.labelSmoothing, weight: null, ignoreIndex: -100 } as const;
  const inner = output.inputs[0];
  const clipped = (): TraceNode => node('clamp', { low: fuzz, high: 1 - fuzz }, output);
  switch (written.name) {
    case 'sparsecategoricalcrossentropy':
    case 'categoricalcrossentropy': {
      const labels = written.name.startsWith('sparse') ? classNumbers(m, target, range) : floats(m, target, range);
      if (written.fromLogits) return { kind: 'built', output, loss: node('crossEntropy', entropy, output, labels) };
      if (output.kind === 'softmax' && inner)
        return { kind: 'built', output: inner, loss: node('crossEntropy', entropy, inner, labels) };
      const logarithm = node('log', {}, clipped());
      return { kind: 'built', output, loss: node('crossEntropy', entropy, logarithm, labels) };
    }
    case 'binarycrossentropy': {
      const labels = smoothed(m, likeOutput(m, output, target, range), written.labelSmoothing, range);
      const logits = { reduction: 'mean', positiveWeight: null } as const;
      if (written.fromLogits) return { kind: 'built', output, loss: node('bceWithLogits', logits, output, labels) };
      const squashed = logitsBelow(m, output, range);
      if (squashed) return { kind: 'built', output: squashed, loss: node('bceWithLogits', logits, squashed, labels) };
      return { kind: 'built', output, loss: node('bce', { reduction: 'mean' }, clipped(), labels) };
    }
    case 'mse':
    case 'meansquarederror':
      return { kind: 'built', output, loss: node('mse', { reduction: 'mean' }, output, likeOutput(m, output, target, range)) };
    case 'mae':
    case 'meanabsoluteerror':
      return { kind: 'built', output, loss: node('l1', { reduction: 'mean' }, output, likeOutput(m, output, target, range)) };
    case 'huber':
    case 'huberloss':
      return {
        kind: 'built',
        output,
        loss: node('huber', { reduction: 'mean', delta: written.delta }, output, likeOutput(m, output, target, range)),
      };
    default: {
      const formula = Object.hasOwn(lossFormulas, written.name) ? lossFormulas[written.name] : undefined;
      if (!formula) return unreadable(`The loss ${written.name} is not read`, range);
      const nodes = { add: node, number: (value: number) => m.trace.constant(value, range) };
      const labels = floats(m, likeOutput(m, output, target, range), range);
      return { kind: 'built', output, loss: formula(nodes, output, labels) };
    }
  }
}

/**
 * The losses of single rows, as Keras's loss functions and `reduction='none'` give them. Built's `loss` has one element for
 * each row (and place). Predictions and targets are taken as they come: shapes that do not fit broadcast.
 */
export function lossOfRows(
  m: Machine,
  written: WrittenLoss,
  output: TraceNode,
  target: TraceNode,
  { range, call }: LossPlace,
): Built | Value {
  const node = <K extends LayerKind>(kind: K, args: Layers[K], ...inputs: TraceNode[]): TraceNode =>
    m.trace.add(kind, args, inputs, range, { call });
  const overLast = (x: TraceNode): Built => ({ kind: 'built', output, loss: node('mean', { axes: [-1], keep: false }, x) });
  const difference = (): TraceNode => node('subtract', {}, output, floats(m, target, range));
  const [inner] = output.inputs;
  switch (written.name) {
    case 'mse':
    case 'meansquarederror':
      return overLast(node('power', { exponent: 2 }, difference()));
    case 'mae':
    case 'meanabsoluteerror':
      return overLast(node('abs', {}, difference()));
    case 'sparsecategoricalcrossentropy':
    case 'categoricalcrossentropy': {
      const sparse = written.name.startsWith('sparse');
      if (output.shape?.length !== 2 || written.labelSmoothing !== 0)
        return unreadable('This form of the cross-entropy is not read', range);
      const entropy = { reduction: 'none', labelSmoothing: 0, weight: null, ignoreIndex: -100 } as const;
      const labels = sparse ? classNumbers(m, target, range) : floats(m, target, range);
      const scores = written.fromLogits
        ? output
        : output.kind === 'softmax' && inner
          ? inner
          : node('log', {}, node('clamp', { low: fuzz, high: 1 - fuzz }, output));
      return { kind: 'built', output, loss: node('crossEntropy', entropy, scores, labels) };
    }
    case 'binarycrossentropy': {
      const labels = smoothed(m, target, written.labelSmoothing, range);
      const logits = { reduction: 'none', positiveWeight: null } as const;
      if (written.fromLogits) return overLast(node('bceWithLogits', logits, output, labels));
      const squashed = logitsBelow(m, output, range);
      if (squashed) return overLast(node('bceWithLogits', logits, squashed, labels));
      const clipped = node('clamp', { low: fuzz, high: 1 - fuzz }, output);
      return overLast(node('bce', { reduction: 'none' }, clipped, floats(m, labels, range)));
    }
    default:
      return unreadable(`The loss ${written.name} for single rows is not read`, range);
  }
}

/** What went into a sigmoid at the end of a model, also where channels were moved behind it. */
function logitsBelow(m: Machine, output: TraceNode, range: TraceNode['range']): TraceNode | null {
  const [inner] = output.inputs;
  if (output.kind === 'sigmoid') return inner ?? null;
  if (output.kind !== 'permute' || inner?.kind !== 'sigmoid' || !inner.inputs[0]) return null;
  return m.trace.add('permute', output.arguments as Layers['permute'], [inner.inputs[0]], range);
}

/** Half of the smoothing for each of 0 and 1. */
function smoothed(m: Machine, target: TraceNode, smoothing: number, range: TraceNode['range']): TraceNode {
  if (smoothing === 0) return target;
  const shrunk = m.trace.add('multiply', {}, [floats(m, target, range), m.trace.constant(1 - smoothing, range)], range);
  return m.trace.add('add', {}, [shrunk, m.trace.constant(smoothing / 2, range)], range);
}

/** A loss function of the script, called with targets and predictions: the mean of what it gives for each row. */
function ownLoss(
  m: Machine,
  callee: Value & { readonly kind: 'function' },
  output: TraceNode,
  target: TraceNode,
  model: KerasModel,
  range: TraceNode['range'],
): Built | Value {
  const scope = new Scope(null, range.path);
  const bare: Call = { machine: m, scope, range, name: range, positional: [], keywords: new Map(), unclear: null };
  const made = callValue(m, callee, plainCall(bare, [tensorValue(floats(m, target, range)), tensorValue(output)]));
  if (made.kind !== 'tensor')
    return made.kind === 'unknown' && made.reason ? made : unreadable('What this loss gives could not be read', range);
  const { node } = made;
  if (node.shape?.length === 0) return { kind: 'built', output, loss: node };
  const call = model.compiled?.range ?? range;
  return { kind: 'built', output, loss: m.trace.add('mean', { axes: null, keep: false }, [node], range, { call }) };
}

/** Class numbers as one axis of integers, also where they stand in a column or are floats. */
function classNumbers(m: Machine, target: TraceNode, range: TraceNode['range']): TraceNode {
  const column = target.shape?.length === 2 && target.shape[1] === 1;
  const flat = column ? m.trace.add('squeeze', { axis: 1 }, [target], range) : target;
  return flat.integer ? flat : m.trace.add('cast', { to: 'integer' }, [flat], range);
}

/** Rows of 0 and 1, which may come as integers. */
const floats = (m: Machine, target: TraceNode, range: TraceNode['range']): TraceNode =>
  m.trace.add('cast', { to: 'float' }, [target], range);

/** Keras gives targets without a second axis one, when the output has it. */
function likeOutput(m: Machine, output: TraceNode, target: TraceNode, range: TraceNode['range']): TraceNode {
  // Rows of unknown axes with one number each: a column, whatever they are.
  if (target.shape === null && output.shape?.length === 2 && output.shape[1] === 1)
    return m.trace.add('reshape', { shape: [-1, 1] }, [target], range);
  return output.shape?.length === 2 && target.shape?.length === 1
    ? m.trace.add('unsqueeze', { axis: 1 }, [target], range)
    : target;
}
