import { entryWeight, reduction, weights, type Loss } from './lossArguments';
import { marginLosses } from './marginLosses';

/** The losses of torch.nn over tensors, with their defaults in PyTorch 2. */
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
    weighs: true,
    layer: 'BCELoss',
    functionName: 'binary_cross_entropy',
    names: 'weight size_average reduce reduction',
    step: (a) => ({ kind: 'bce', arguments: { reduction: reduction(a), ...entryWeight(a) } }),
  },
  {
    weighs: true,
    layer: 'BCEWithLogitsLoss',
    functionName: 'binary_cross_entropy_with_logits',
    names: 'weight size_average reduce reduction pos_weight',
    step: (a) => ({
      kind: 'bceWithLogits',
      arguments: { reduction: reduction(a), positiveWeight: weights(a, 'pos_weight'), ...entryWeight(a) },
    }),
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
  {
    layer: 'PoissonNLLLoss',
    functionName: 'poisson_nll_loss',
    names: 'log_input full size_average eps reduce reduction',
    step: (a) => ({
      kind: 'poissonNll',
      arguments: {
        reduction: reduction(a),
        logInput: a.boolean('log_input', true),
        full: a.boolean('full', false),
        epsilon: a.number('eps', 1e-8),
      },
    }),
  },
  {
    layer: 'GaussianNLLLoss',
    functionName: 'gaussian_nll_loss',
    names: 'full eps reduction',
    others: 'target var',
    step: (a) => ({
      kind: 'gaussianNll',
      arguments: { reduction: reduction(a), full: a.boolean('full', false), epsilon: a.number('eps', 1e-6) },
    }),
  },
  ...marginLosses,
];
