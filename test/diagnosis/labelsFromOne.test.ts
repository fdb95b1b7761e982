/** Labels that count from 1: as many outputs as there are classes, and one number too high. */
import { describe, expect, it } from 'vitest';
import { outputSize } from '../../src/diagnosis/rules/outputSize';
import { readUnit } from '../source/reading';
import { applied, evidence, statistics } from './evidence';
import { findingOf } from './settle';

function labels(minimum: number, maximum: number, made = "y = torch.tensor(df['kind'].values)") {
  const text = `import pandas as pd, torch
from torch import nn
df = pd.read_csv('a.csv')
X = torch.tensor(df[['a', 'b']].values).float()
${made}
model = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(100):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(X), y)
    loss.backward()
    optimizer.step()
`;
  const { target } = statistics();
  const seen = statistics({ target: { ...target, counts: [100, 100, 100], minimum, maximum, type: 'integer' } });
  return { text, e: evidence({ experiment: readUnit(text), statistics: seen, texts: { '/project/train.py': text } }) };
}

describe('labels that count from 1', () => {
  it('are counted from 0, which comes before another output', () => {
    const { text, e } = labels(1, 3);
    const found = findingOf(outputSize, e);
    expect(found).toMatchObject({ severity: 'error', range: { line: 6 } });
    expect(found.message).toContain('class numbers go from 1 to 3, and cross-entropy counts them from 0: 0 to 2');
    expect(found.fixes.map(({ title }) => title)).toEqual(['Count the classes from 0', 'Give the last layer 4 outputs']);
    const edited = applied(text, found.fixes[0]?.edits ?? []);
    expect(edited).toContain("y = torch.tensor(df['kind'].values)\ny = y - 1\n");
    expect(readUnit(edited).train?.targets).not.toEqual(readUnit(text).train?.targets);
  });

  it('are not the fault where there are more classes than outputs, nor where they begin at 0', () => {
    for (const [low, high] of [
      [1, 5],
      [0, 3],
    ] as const) {
      const { e } = labels(low, high);
      expect(findingOf(outputSize, e).fixes.map(({ title }) => title)).toEqual([`Give the last layer ${high + 1} outputs`]);
    }
  });
});
