import type { LayerKind, Layers } from '../../records/model/layers';
import { Arguments, plainCall, type Call, type Handler } from '../interpret/call';
import { callValue } from '../interpret/calls';
import type { Built } from '../interpret/fitting';
import type { Machine } from '../interpret/machine';
import type { KerasModel } from '../values/estimators';
import type { TraceNode } from '../values/trace';
import { Scope, tensorValue, unreadable, type Value } from '../values/value';
import type { FunctionTable } from './functionTable';
import { lossFormulas } from './kerasLossFormulas';

/** What Keras clips probabilities with. */
const fuzz = 1e-7;

interface Written {
  readonly name: string;
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
  /** Huber's bound between square and line. */
  readonly delta: number;
}

/** Losses as objects: their name in the form of a string, and their arguments. */
export const kerasLossTable: FunctionTable = Object.fromEntries(
  [
    'SparseCategoricalCrossentropy',
    'CategoricalCrossentropy',
    'BinaryCrossentropy',
    'MeanSquaredError',
    'MeanAbsoluteError',
    'MeanSquaredLogarithmicError',
    'MeanAbsolutePercentageError',
    'Huber',
    'Hinge',
    'SquaredHinge',
    'CategoricalHinge',
    'LogCosh',
    'Poisson',
    'KLDivergence',
    'CosineSimilarity',
  ].flatMap((name) => [
    [`keras.losses.${name}`, lossObject(name)],
    [`tensorflow.losses.${name}`, lossObject(name)],
  ]),
);

function lossObject(name: string): Handler {
  return (call) => ({
    kind: 'namespace',
    entries: new Map([['__kerasLoss', { kind: 'string', value: name, origin: null }]]),
    missing: '`%` of a loss is not read',
    call,
  });
}

/** Names of the arguments of a loss object in their order. */
const argumentNames = (name: string): string =>
  name === 'Huber' ? 'delta' : name.endsWith('entropy') ? 'from_logits label_smoothing' : '';

const summedOverRows = /(^|\.)(sum_over_batch_size|sum_over_batch|auto)$/i;

function writtenLoss(value: Value | null): Written | null {
  const bare = { fromLogits: false, labelSmoothing: 0, delta: 1 };
  if (value?.kind === 'string') return { name: plain(value.value), ...bare };
  if (value?.kind === 'external') return { name: plain(value.path.split('.').pop() ?? ''), ...bare };
  const name = value?.kind === 'namespace' ? value.entries.get('__kerasLoss') : null;
  if (value?.kind !== 'namespace' || name?.kind !== 'string' || !value.call) return null;
  const a = new Arguments(value.call, argumentNames(name.value));
  const reduction = a.value('reduction');
  const written = reduction?.kind === 'string' ? reduction.value : reduction?.kind === 'external' ? reduction.path : null;
  if (a.given('reduction') && !summedOverRows.test(written ?? '')) return null;
  const read = {
    name: plain(name.value),
    fromLogits: a.boolean('from_logits', false),
    labelSmoothing: a.number('label_smoothing', 0),
    delta: a.number('delta', 1),
  };
  return a.problems.length > 0 ? null : read;
}

const plain = (name: string): string => name.toLowerCase().replace(/_/g, '');

/**
 * The loss over a model's output as Keras computes it: cross-entropies of a softmax or sigmoid
 * are taken on what went into it, other outputs are clipped.
 */
export function kerasLoss(m: Machine, model: KerasModel, output: TraceNode, target: TraceNode): Built | Value {
  const argument = model.compiled?.loss ?? null;
  const range = argument?.range ?? model.compiled?.range ?? model.range;
  const own = argument?.value.kind === 'function' ? argument.value : null;
  if (own) return ownLoss(m, own, output, likeOutput(m, output, target, range), model, range);
  const written = writtenLoss(argument?.value ?? null);
  const call = model.compiled?.range ?? range;
  if (!written)
    return argument?.value.kind === 'unknown' && argument.value.reason
      ? argument.value
      : unreadable('This loss is not read', range);
  const node = <K extends LayerKind>(kind: K, args: Layers[K], ...inputs: TraceNode[]): TraceNode =>
    m.trace.add(kind, args, inputs, range, { call });
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
      if (output.kind === 'sigmoid' && inner)
        return { kind: 'built', output: inner, loss: node('bceWithLogits', logits, inner, labels) };
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
  return output.shape?.length === 2 && target.shape?.length === 1
    ? m.trace.add('unsqueeze', { axis: 1 }, [target], range)
    : target;
}
