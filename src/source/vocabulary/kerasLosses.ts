import type { LayerKind, Layers } from '../../records/model';
import { Arguments } from '../interpret/call';
import type { Built } from '../interpret/fitting';
import type { Machine } from '../interpret/machine';
import type { KerasModel } from '../values/estimators';
import type { TraceNode } from '../values/trace';
import { unreadable, type Value } from '../values/value';
import type { FunctionTable } from './functionTable';

/** What Keras clips probabilities with. */
const fuzz = 1e-7;

interface Written {
  readonly name: string;
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
}

/** Losses as objects: their name in the form of a string, and their arguments. */
export const kerasLossTable: FunctionTable = Object.fromEntries(
  [
    'SparseCategoricalCrossentropy',
    'CategoricalCrossentropy',
    'BinaryCrossentropy',
    'MeanSquaredError',
    'MeanAbsoluteError',
    'Huber',
  ].map((name) => [
    `keras.losses.${name}`,
    (call) => ({
      kind: 'namespace',
      entries: new Map([['__kerasLoss', { kind: 'string', value: name, origin: null }]]),
      missing: '`%` of a loss is not read',
      call,
    }),
  ]),
);

function writtenLoss(value: Value | null): Written | null {
  if (value?.kind === 'string') return { name: plain(value.value), fromLogits: false, labelSmoothing: 0 };
  if (value?.kind === 'external') return { name: plain(value.path.split('.').pop() ?? ''), fromLogits: false, labelSmoothing: 0 };
  const name = value?.kind === 'namespace' ? value.entries.get('__kerasLoss') : null;
  if (value?.kind !== 'namespace' || name?.kind !== 'string' || !value.call) return null;
  const a = new Arguments(value.call, name.value === 'Huber' ? 'delta' : 'from_logits label_smoothing');
  if (name.value === 'Huber' && a.given('delta') && a.number('delta') !== 1) return null;
  return { name: plain(name.value), fromLogits: a.boolean('from_logits', false), labelSmoothing: a.number('label_smoothing', 0) };
}

const plain = (name: string): string => name.toLowerCase().replace(/_/g, '');

/**
 * The loss over a model's output as Keras computes it: cross-entropies of a softmax or sigmoid
 * are taken on what went into it, other outputs are clipped.
 */
export function kerasLoss(m: Machine, model: KerasModel, output: TraceNode, target: TraceNode): Built | Value {
  const argument = model.compiled?.loss ?? null;
  const range = argument?.range ?? model.compiled?.range ?? model.range;
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
      if (written.labelSmoothing !== 0) return unreadable('Label smoothing of this loss is not read', range);
      const labels = likeOutput(m, output, target, range);
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
        loss: node('huber', { reduction: 'mean', delta: 1 }, output, likeOutput(m, output, target, range)),
      };
    default:
      return unreadable(`The loss ${written.name} is not read`, range);
  }
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
