import type { LayerKind, Layers } from '../../../records/model/layers';
import type { Machine } from '../../interpret/machine';
import type { SourceRange } from '../../../records/source';
import type { TraceNode } from '../../values/trace';
import type { Value } from '../../values/value';
import { pointwise } from './layout';

/** One node that a layer of Keras adds. */
export type Step = { [K in LayerKind]: { readonly kind: K; readonly arguments: Layers[K] } }[LayerKind];

/** Keras's names of activations. `linear` and None add nothing. */
const activationSteps: Readonly<Record<string, Step | null>> = {
  linear: null,
  relu: { kind: 'relu', arguments: {} },
  relu6: { kind: 'relu6', arguments: {} },
  sigmoid: { kind: 'sigmoid', arguments: {} },
  tanh: { kind: 'tanh', arguments: {} },
  softmax: { kind: 'softmax', arguments: { axis: -1 } },
  log_softmax: { kind: 'logSoftmax', arguments: { axis: -1 } },
  elu: { kind: 'elu', arguments: { alpha: 1 } },
  selu: { kind: 'selu', arguments: {} },
  celu: { kind: 'celu', arguments: { alpha: 1 } },
  gelu: { kind: 'gelu', arguments: { approximate: 'none' } },
  silu: { kind: 'silu', arguments: {} },
  swish: { kind: 'silu', arguments: {} },
  softplus: { kind: 'softplus', arguments: { beta: 1, threshold: 20 } },
  softsign: { kind: 'softsign', arguments: {} },
  log_sigmoid: { kind: 'logSigmoid', arguments: {} },
  tanh_shrink: { kind: 'tanhshrink', arguments: {} },
  hard_tanh: { kind: 'hardTanh', arguments: { low: -1, high: 1 } },
  mish: { kind: 'mish', arguments: {} },
  leaky_relu: { kind: 'leakyRelu', arguments: { slope: 0.2 } },
  exponential: { kind: 'exp', arguments: {} },
};

/** What the activation of that name adds; null for none and for names that are not known. */
export const activationStep = (name: string): Step | null =>
  Object.hasOwn(activationSteps, name) ? (activationSteps[name] ?? null) : null;

/** Activation layers that may be given as an argument too: `activation=layers.LeakyReLU()`. */
export type ActivationArgument = Step | null | { readonly layer: Value & { readonly kind: 'kerasLayer' } };

/** The activation that an argument names; undefined when it is not known. */
export function activationOf(value: Value | null): ActivationArgument | undefined {
  if (!value || value.kind === 'none') return null;
  if (value.kind === 'kerasLayer') return { layer: value };
  const name = value.kind === 'string' ? value.value : value.kind === 'external' ? (value.path.split('.').pop() ?? '') : '';
  return Object.hasOwn(activationSteps, name) ? activationSteps[name] : undefined;
}

/** Adds an activation. A softmax over channels stays where the channels are last. */
export function activated(m: Machine, x: TraceNode, activation: ActivationArgument, range: SourceRange): TraceNode | Value {
  if (!activation) return x;
  if ('layer' in activation) return activation.layer.apply(m, activation.layer, [x]);
  return stepped(m, x, activation, range);
}

/** Adds one node over `x`. */
export function stepped(m: Machine, x: TraceNode, step: Step, range: SourceRange): TraceNode {
  const { kind, arguments: args } = step as { kind: LayerKind; arguments: Layers[LayerKind] };
  const make = (node: TraceNode): TraceNode => m.trace.add(kind, args, [node], range);
  return kind === 'softmax' || kind === 'logSoftmax' ? make(x) : pointwise(m, x, range, make);
}
