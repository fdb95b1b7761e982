import { describe, expect, it } from 'vitest';
import { readUnit, shapeOfModel } from './reading';

const script = (before: string, loss: string): string => `import torch
import torch.nn as nn
import torch.nn.functional as F
x, x2, x3 = torch.randn(60, 4), torch.randn(60, 4), torch.randn(60, 4)
y, signs, counts = torch.randint(0, 3, (60,)), torch.ones(60), torch.ones(60, 3)
net = nn.Linear(4, 3)
head = nn.Linear(4, 1)
opt = torch.optim.Adam(list(net.parameters()) + list(head.parameters()))
${before}
for epoch in range(5):
    opt.zero_grad()
    loss = ${loss}
    loss.backward()
    opt.step()
`;

const lossOf = (before: string, loss: string): unknown => {
  const { model, unread } = readUnit(script(before, loss));
  expect(unread).toEqual([]);
  const node = model?.nodes[model.loss ?? -1];
  return { [node?.kind ?? 'none']: node?.arguments };
};

const mean = { reduction: 'mean' };

describe('losses as objects and as functions', () => {
  it.each([
    ['nn.HingeEmbeddingLoss()', 'f(net(x), counts)', { hingeEmbedding: { ...mean, margin: 1 } }],
    ['nn.MarginRankingLoss(margin=0.5)', 'f(head(x)[:, 0], head(x2)[:, 0], signs)', { marginRanking: { ...mean, margin: 0.5 } }],
    ['nn.MultiMarginLoss(p=2)', 'f(net(x), y)', { multiMargin: { ...mean, power: 2, margin: 1, weight: null } }],
    ['nn.SoftMarginLoss(reduction="sum")', 'f(net(x), counts)', { softMargin: { reduction: 'sum' } }],
    [
      'nn.MultiLabelSoftMarginLoss(weight=torch.tensor([1.0, 2.0, 3.0]))',
      'f(net(x), counts)',
      { multiLabelSoftMargin: { ...mean, weight: [1, 2, 3] } },
    ],
    ['nn.CosineEmbeddingLoss(0.2)', 'f(net(x), net(x2), signs)', { cosineEmbedding: { ...mean, margin: 0.2 } }],
    [
      'nn.TripletMarginLoss(margin=0.3, swap=True)',
      'f(net(x), net(x2), net(x3))',
      { tripletMargin: { ...mean, margin: 0.3, power: 2, epsilon: 1e-6, swap: true } },
    ],
    ['nn.PoissonNLLLoss(full=True)', 'f(net(x), counts)', { poissonNll: { ...mean, logInput: true, full: true, epsilon: 1e-8 } }],
    ['nn.GaussianNLLLoss()', 'f(net(x), counts, F.softplus(head(x)))', { gaussianNll: { ...mean, full: false, epsilon: 1e-6 } }],
    ['F.hinge_embedding_loss', 'f(net(x), counts, margin=2.0)', { hingeEmbedding: { ...mean, margin: 2 } }],
    [
      'F.triplet_margin_loss',
      'f(net(x), net(x2), net(x3), 0.5, 1)',
      { tripletMargin: { ...mean, margin: 0.5, power: 1, epsilon: 1e-6, swap: false } },
    ],
    ['F.cosine_embedding_loss', 'f(net(x), net(x2), signs, 0.1)', { cosineEmbedding: { ...mean, margin: 0.1 } }],
    ['F.poisson_nll_loss', 'f(net(x), counts, False)', { poissonNll: { ...mean, logInput: false, full: false, epsilon: 1e-8 } }],
    [
      'F.gaussian_nll_loss',
      'f(input=net(x), target=counts, var=counts, full=True)',
      { gaussianNll: { ...mean, full: true, epsilon: 1e-6 } },
    ],
  ])('%s', (made, call, expected) => {
    expect(lossOf(`f = ${made}`, call)).toEqual(expected);
  });

  it('takes every output that a loss compares as the model’s', () => {
    const { model } = readUnit(script('f = nn.TripletMarginLoss()', 'f(net(x), net(x2), net(x3))'));
    expect(model?.outputs).toHaveLength(3);
    expect(model ? shapeOfModel(readUnit(script('f = nn.TripletMarginLoss()', 'f(net(x), net(x2), net(x3))'))) : '').toBe(
      'input linear(0) input linear(2) input linear(4) | tripletMargin(1,3,5)',
    );
  });

  it('names an exponent that is not read', () => {
    const { unread } = readUnit(script('f = nn.TripletMarginLoss(p=3)', 'f(net(x), net(x2), net(x3))'));
    expect(unread[0]?.text).toBe('The exponent 3 of this loss is not read');
  });
});
