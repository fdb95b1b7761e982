/** scikit-learn's `scale`, which takes a vector where the scalers take tables only. */
import { describe, expect, it } from 'vitest';
import { loaded } from '../data/program';
import { readUnit, shapeOfData } from './reading';

const unit = (scaled: string) =>
  readUnit(`import torch
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import scale
X, y = load_diabetes(return_X_y=True)
${scaled}
X = torch.tensor(X).float()
y = torch.tensor(y).float()
model = torch.nn.Sequential(torch.nn.Linear(10, 1), torch.nn.Flatten(0, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(X), y)
    loss.backward()
    optimizer.step()
`);

describe('scale', () => {
  it('takes a vector for a column, and gives a vector back', async () => {
    const read = unit('y = scale(y)');
    expect(read.unread).toEqual([]);
    expect(shapeOfData(read)).toBe(
      'bundled() part(0) part(0) reshape(2) fitScaler(3) applyScaler(4,3) reshape(5) cast(1) cast(6)',
    );
    const [before, after] = [await loaded(unit('')), await loaded(read)].map(({ train }) => train.targets[0]);
    expect(after?.shape).toEqual([442]);
    const values = [...(before?.values ?? [])];
    const mean = values.reduce((sum, value) => sum + value, 0) / 442;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 442);
    values.forEach((value, i) => expect(after?.values[i]).toBeCloseTo((value - mean) / deviation, 5));
  });

  it('takes a table for its columns', () => {
    expect(shapeOfData(unit('X = scale(X)'))).toBe('bundled() part(0) part(0) fitScaler(1) applyScaler(3,1) cast(4) cast(2)');
  });
});
