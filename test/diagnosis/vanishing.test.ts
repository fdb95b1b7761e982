/** What is tried where the first layers get no gradient, in scripts as they are written. */
import { describe, expect, it } from 'vitest';
import { vanishingGradient } from '../../src/diagnosis/rules/vanishingGradient';
import type { Measurements } from '../../src/records/measurement';
import type { TrialResult } from '../../src/records/trial';
import { readUnit } from '../source/reading';
import { applied, evidence, over, trial } from './evidence';
import { flat } from './courses';
import { findingOf, settle } from './settle';

const script = (layers: string, forward: string, after = ''): string => `import torch
from torch import nn
X = torch.randn(64, 8)
y = torch.randn(64, 1)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(8, 8) for _ in range(6)])
        self.out = nn.Linear(8, 1)
        ${layers}
    def forward(self, x):
        for layer in self.layers:
            x = ${forward}
        return self.out(x)
net = Net()
${after}
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for epoch in range(50):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(net(X), y)
    loss.backward()
    optimizer.step()
`;

const evidenceOf = (text: string) =>
  evidence({
    experiment: readUnit(text),
    texts: { '/project/train.py': text },
    baseline: trial(0.95),
    measurements: {
      epochLoss: flat(0.95),
      'gradientNorm/layers.0.weight': over(1e-7),
      'gradientNorm/out.weight': over(0.1),
    } as Measurements,
  });

/** The script after its only fix. */
function fixed(text: string, results: Readonly<Record<string, TrialResult>>): string {
  const finding = findingOf(vanishingGradient, evidenceOf(text), { unchanged: trial(0.95), ...results });
  return applied(text, finding.fixes[0]?.edits ?? []);
}

describe('vanishing-gradient', () => {
  const sigmoids = script('pass', 'torch.sigmoid(layer(x))');

  it('offers tanh for sigmoids, with what it showed', () => {
    const results = { 'uncentred-activations:tanh': trial(0.2), unchanged: trial(0.95) };
    expect(fixed(sigmoids, results)).toBe(script('pass', 'torch.tanh(layer(x))'));
    const finding = findingOf(vanishingGradient, evidenceOf(sigmoids), results);
    expect(finding).toMatchObject({
      severity: 'warning',
      fixes: [{ verified: { before: 0.95, after: 0.2, seeds: 2, helped: true } }],
    });
    expect(finding.message).toMatch(/Use tanh, re-run from the start: the probe loss ends at 0\.2 instead of 0\.95, on 2 seeds/);
  });

  it('goes on to ReLU where tanh does not help, also of modules and methods', () => {
    const results = { 'uncentred-activations:tanh': trial(0.94), 'vanishing-gradient:relu': trial(0.2) };
    expect(fixed(sigmoids, results)).toBe(script('pass', 'torch.relu(layer(x))'));
    expect(fixed(script('self.act = nn.Tanh()', 'self.act(layer(x))'), results)).toBe(
      script('self.act = nn.ReLU()', 'self.act(layer(x))'),
    );
    expect(fixed(script('pass', 'layer(x).tanh()'), results)).toBe(script('pass', 'layer(x).relu()'));
  });

  it('tries usual first values before other activations where the script sets its own', () => {
    const own = (call: string): string => script('pass', 'torch.tanh(layer(x))', `for layer in net.layers:\n    nn.init.${call}`);
    const text = own('normal_(layer.weight, std=0.001)');
    const { asked } = settle(vanishingGradient, evidenceOf(text), { unchanged: trial(0.95) });
    expect(asked[0]).toMatch(/^init-scale:/);
    const key = (asked[0] ?? '').replace(/@seed0$/, '');
    expect(fixed(text, { [key]: trial(0.2) })).toBe(own('xavier_uniform_(layer.weight)'));
  });

  it('says what was tried without success, and offers nothing', () => {
    const none = { 'uncentred-activations:tanh': trial(0.94), 'vanishing-gradient:relu': trial(0.93), unchanged: trial(0.95) };
    const finding = findingOf(vanishingGradient, evidenceOf(sigmoids), none);
    expect(finding).toMatchObject({ severity: 'warning', fixes: [] });
    expect(finding.message).toMatch(/Tried without success: Use tanh; Use relu\./);
  });
});
