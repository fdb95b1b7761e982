import { describe, expect, it } from 'vitest';
import { readUnit } from './reading';

const script = (loss: string, rate = '0.01'): string => `
import torch
from torch import nn
from torch.distributions import Normal, kl_divergence
encoder, decoder = nn.Linear(6, 4), nn.Linear(2, 6)
optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=${rate})
x = torch.rand(40, 6)
for step in range(30):
    mu, log_var = encoder(x).chunk(2, dim=-1)
    q = Normal(mu, torch.exp(log_var / 2))
    loss = nn.functional.mse_loss(decoder(q.rsample()), x) + ${loss}
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
`;

describe('the divergence of two normal distributions', () => {
  // torch.distributions.kl_divergence(Normal(2., 3.), Normal(.5, 1.5)) in PyTorch 1.13.
  it('is the number that PyTorch gives', () => {
    const { optimizer } = readUnit(script('mu.mean()', 'kl_divergence(Normal(2.0, 3.0), Normal(0.5, 1.5))'));
    expect(optimizer?.learningRate.value).toBeCloseTo(1.3068528194400546, 12);
  });

  it.each(['Normal(torch.zeros_like(mu), torch.ones_like(mu))', 'Normal(0.0, 1.0)'])('is followed against %s', (prior) => {
    const unit = readUnit(script(`kl_divergence(q, ${prior}).mean()`));
    expect(unit.unread).toEqual([]);
    expect(unit.model?.nodes.some(({ kind }) => kind === 'log')).toBe(true);
  });

  it('is told where it is not followed', () => {
    const { unread } = readUnit(script('kl_divergence(q, torch.distributions.Uniform(0.0, 1.0)).mean()'));
    expect(unread.map(({ text }) => text)).toContain('The divergence of these distributions is not read');
  });
});
