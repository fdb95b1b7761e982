import type { Reduction } from '../../records/model';
import type { Arguments } from '../interpret/call';
import type { Machine } from '../interpret/machine';
import type { LayerStep } from '../values/trace';
import type { Value } from '../values/value';
import { numbersOf } from '../interpret/call';

/** A loss: its class, its function, the arguments of the class in order (the function has input and target before). */
export interface Loss {
  readonly layer: string;
  readonly functionName: string;
  readonly names: string;
  readonly step: (a: Arguments) => LayerStep;
}

function reduction(a: Arguments): Reduction {
  const text = a.string('reduction', 'mean');
  if (text === 'sum' || text === 'none' || text === 'mean') {
    if (a.value('size_average')?.kind === 'boolean' && !a.boolean('size_average', true)) return 'sum';
    return text;
  }
  a.reject('reduction', `The reduction "${text}" is not known`);
  return 'mean';
}

/** Numbers written in the script as a list or a tensor; null when the argument is omitted. */
function weights(a: Arguments, name: string): readonly number[] | null {
  if (!a.given(name)) return null;
  const numbers = writtenNumbers(a.call.machine, a.value(name));
  if (!numbers) a.reject(name, `The values of \`${name}\` could not be read`);
  return numbers;
}

/** The numbers of a list, or of a tensor that the script writes out. */
export function writtenNumbers(m: Machine, value: Value | null): readonly number[] | null {
  if (value === null) return null;
  if (value.kind !== 'array') return numbersOf(value);
  let step = m.program.steps[value.step];
  while (step && (step.kind === 'cast' || step.kind === 'toTensor')) step = m.program.steps[step.inputs[0] ?? -1];
  return step?.kind === 'literal' ? step.arguments.values : null;
}

/** The losses of torch.nn that have the form (output, target), with their defaults in PyTorch 2. */
export const losses: readonly Loss[] = [
  {
    layer: 'CrossEntropyLoss',
    functionName: 'cross_entropy',
    names: 'weight size_average ignore_index reduce reduction label_smoothing',
    step: (a) => ({
      kind: 'crossEntropy',
      arguments: {
        reduction: reduction(a),
        labelSmoothing: a.number('label_smoothing', 0),
        weight: weights(a, 'weight'),
        ignoreIndex: a.number('ignore_index', -100),
      },
    }),
  },
  {
    layer: 'NLLLoss',
    functionName: 'nll_loss',
    names: 'weight size_average ignore_index reduce reduction',
    step: (a) => ({
      kind: 'nll',
      arguments: { reduction: reduction(a), weight: weights(a, 'weight'), ignoreIndex: a.number('ignore_index', -100) },
    }),
  },
  {
    layer: 'BCELoss',
    functionName: 'binary_cross_entropy',
    names: 'weight size_average reduce reduction',
    step: (a) => {
      if (a.given('weight')) a.reject('weight', 'A weight for each row is not read');
      return { kind: 'bce', arguments: { reduction: reduction(a) } };
    },
  },
  {
    layer: 'BCEWithLogitsLoss',
    functionName: 'binary_cross_entropy_with_logits',
    names: 'weight size_average reduce reduction pos_weight',
    step: (a) => {
      if (a.given('weight')) a.reject('weight', 'A weight for each row is not read');
      return { kind: 'bceWithLogits', arguments: { reduction: reduction(a), positiveWeight: weights(a, 'pos_weight') } };
    },
  },
  {
    layer: 'MSELoss',
    functionName: 'mse_loss',
    names: 'size_average reduce reduction',
    step: (a) => ({ kind: 'mse', arguments: { reduction: reduction(a) } }),
  },
  {
    layer: 'L1Loss',
    functionName: 'l1_loss',
    names: 'size_average reduce reduction',
    step: (a) => ({ kind: 'l1', arguments: { reduction: reduction(a) } }),
  },
  {
    layer: 'HuberLoss',
    functionName: 'huber_loss',
    names: 'reduction delta',
    step: (a) => ({ kind: 'huber', arguments: { reduction: reduction(a), delta: a.number('delta', 1) } }),
  },
  {
    layer: 'SmoothL1Loss',
    functionName: 'smooth_l1_loss',
    names: 'size_average reduce reduction beta',
    step: (a) => ({ kind: 'smoothL1', arguments: { reduction: reduction(a), beta: a.number('beta', 1) } }),
  },
  {
    layer: 'KLDivLoss',
    functionName: 'kl_div',
    names: 'size_average reduce reduction log_target',
    step: (a) => {
      const batchmean = a.string('reduction', 'mean') === 'batchmean';
      return {
        kind: 'klDivergence',
        arguments: { reduction: batchmean ? 'batchmean' : reduction(a), logTarget: a.boolean('log_target', false) },
      };
    },
  },
];
