import type { LayerStep } from '../../values/trace';
import type { Arguments } from '../../interpret/call';

/** An activation: its class in torch.nn, its function's name, its arguments in order, and what it builds. */
export interface Activation {
  readonly layer: string;
  readonly functionName: string | null;
  readonly names: string;
  readonly step: (a: Arguments) => LayerStep;
}

const plain =
  (kind: LayerStep['kind']): ((a: Arguments) => LayerStep) =>
  () => ({ kind, arguments: {} });

/** An omitted `dim` is chosen by PyTorch from the number of axes; 1 is its choice for rows of numbers. */
const axisOf = (a: Arguments): number => a.optionalNumber('dim') ?? 1;

/** All activations of torch.nn that have no parameters, with their defaults in PyTorch 2. */
export const activations: readonly Activation[] = [
  { layer: 'ReLU', functionName: 'relu', names: 'inplace', step: plain('relu') },
  { layer: 'ReLU6', functionName: 'relu6', names: 'inplace', step: plain('relu6') },
  {
    layer: 'LeakyReLU',
    functionName: 'leaky_relu',
    names: 'negative_slope inplace',
    step: (a) => ({ kind: 'leakyRelu', arguments: { slope: a.number('negative_slope', 0.01) } }),
  },
  {
    layer: 'ELU',
    functionName: 'elu',
    names: 'alpha inplace',
    step: (a) => ({ kind: 'elu', arguments: { alpha: a.number('alpha', 1) } }),
  },
  { layer: 'SELU', functionName: 'selu', names: 'inplace', step: plain('selu') },
  {
    layer: 'CELU',
    functionName: 'celu',
    names: 'alpha inplace',
    step: (a) => ({ kind: 'celu', arguments: { alpha: a.number('alpha', 1) } }),
  },
  {
    layer: 'GELU',
    functionName: 'gelu',
    names: 'approximate',
    step: (a) => ({ kind: 'gelu', arguments: { approximate: a.string('approximate', 'none') === 'tanh' ? 'tanh' : 'none' } }),
  },
  { layer: 'SiLU', functionName: 'silu', names: 'inplace', step: plain('silu') },
  { layer: 'Mish', functionName: 'mish', names: 'inplace', step: plain('mish') },
  { layer: 'Sigmoid', functionName: 'sigmoid', names: '', step: plain('sigmoid') },
  { layer: 'LogSigmoid', functionName: 'logsigmoid', names: '', step: plain('logSigmoid') },
  { layer: 'Hardsigmoid', functionName: 'hardsigmoid', names: 'inplace', step: plain('hardSigmoid') },
  { layer: 'Tanh', functionName: 'tanh', names: '', step: plain('tanh') },
  { layer: 'Tanhshrink', functionName: 'tanhshrink', names: '', step: plain('tanhshrink') },
  {
    layer: 'Hardtanh',
    functionName: 'hardtanh',
    names: 'min_val max_val inplace',
    step: (a) => ({ kind: 'hardTanh', arguments: { low: a.number('min_val', -1), high: a.number('max_val', 1) } }),
  },
  { layer: 'Hardswish', functionName: 'hardswish', names: 'inplace', step: plain('hardSwish') },
  {
    layer: 'Softplus',
    functionName: 'softplus',
    names: 'beta threshold',
    step: (a) => ({ kind: 'softplus', arguments: { beta: a.number('beta', 1), threshold: a.number('threshold', 20) } }),
  },
  { layer: 'Softsign', functionName: 'softsign', names: '', step: plain('softsign') },
  {
    layer: 'Softshrink',
    functionName: 'softshrink',
    names: 'lambd',
    step: (a) => ({ kind: 'softshrink', arguments: { lambda: a.number('lambd', 0.5) } }),
  },
  {
    layer: 'Hardshrink',
    functionName: 'hardshrink',
    names: 'lambd',
    step: (a) => ({ kind: 'hardshrink', arguments: { lambda: a.number('lambd', 0.5) } }),
  },
  {
    layer: 'Threshold',
    functionName: 'threshold',
    names: 'threshold value inplace',
    step: (a) => ({ kind: 'threshold', arguments: { threshold: a.number('threshold'), value: a.number('value') } }),
  },
  { layer: 'Softmax', functionName: 'softmax', names: 'dim', step: (a) => ({ kind: 'softmax', arguments: { axis: axisOf(a) } }) },
  { layer: 'Softmin', functionName: 'softmin', names: 'dim', step: (a) => ({ kind: 'softmin', arguments: { axis: axisOf(a) } }) },
  {
    layer: 'LogSoftmax',
    functionName: 'log_softmax',
    names: 'dim',
    step: (a) => ({ kind: 'logSoftmax', arguments: { axis: axisOf(a) } }),
  },
];
