import type { Arguments } from '../../interpret/call';
import { reduction, weights, type Loss } from './lossArguments';

/** An exponent that the engine has: 1 or 2. */
function power(a: Arguments, fallback: 1 | 2): 1 | 2 {
  const value = a.number('p', fallback);
  if (value === 1 || value === 2) return value;
  a.reject('p', `The exponent ${value} of this loss is not read`);
  return fallback;
}

/** The losses of torch.nn that ask for a margin or compare points, with their defaults in PyTorch 2. */
export const marginLosses: readonly Loss[] = [
  {
    layer: 'HingeEmbeddingLoss',
    functionName: 'hinge_embedding_loss',
    names: 'margin size_average reduce reduction',
    step: (a) => ({ kind: 'hingeEmbedding', arguments: { reduction: reduction(a), margin: a.number('margin', 1) } }),
  },
  {
    layer: 'MarginRankingLoss',
    functionName: 'margin_ranking_loss',
    names: 'margin size_average reduce reduction',
    others: 'input2 target',
    step: (a) => ({ kind: 'marginRanking', arguments: { reduction: reduction(a), margin: a.number('margin', 0) } }),
  },
  {
    layer: 'MultiMarginLoss',
    functionName: 'multi_margin_loss',
    names: 'p margin weight size_average reduce reduction',
    step: (a) => ({
      kind: 'multiMargin',
      arguments: { reduction: reduction(a), power: power(a, 1), margin: a.number('margin', 1), weight: weights(a, 'weight') },
    }),
  },
  {
    layer: 'MultiLabelMarginLoss',
    functionName: 'multilabel_margin_loss',
    names: 'size_average reduce reduction',
    step: (a) => ({ kind: 'multiLabelMargin', arguments: { reduction: reduction(a) } }),
  },
  {
    layer: 'SoftMarginLoss',
    functionName: 'soft_margin_loss',
    names: 'size_average reduce reduction',
    step: (a) => ({ kind: 'softMargin', arguments: { reduction: reduction(a) } }),
  },
  {
    layer: 'MultiLabelSoftMarginLoss',
    functionName: 'multilabel_soft_margin_loss',
    names: 'weight size_average reduce reduction',
    step: (a) => ({ kind: 'multiLabelSoftMargin', arguments: { reduction: reduction(a), weight: weights(a, 'weight') } }),
  },
  {
    layer: 'CosineEmbeddingLoss',
    functionName: 'cosine_embedding_loss',
    names: 'margin size_average reduce reduction',
    others: 'input2 target',
    step: (a) => ({ kind: 'cosineEmbedding', arguments: { reduction: reduction(a), margin: a.number('margin', 0) } }),
  },
  {
    layer: 'TripletMarginLoss',
    functionName: 'triplet_margin_loss',
    names: 'margin p eps swap size_average reduce reduction',
    others: 'positive negative',
    step: (a) => ({
      kind: 'tripletMargin',
      arguments: {
        reduction: reduction(a),
        margin: a.number('margin', 1),
        power: power(a, 2),
        epsilon: a.number('eps', 1e-6),
        swap: a.boolean('swap', false),
      },
    }),
  },
];
