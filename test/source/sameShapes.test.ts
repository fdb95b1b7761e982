import { describe, expect, it } from 'vitest';
import { readUnit } from './reading';

const script = (rows: string, way: string): string => `
import torch
from torch import nn
import torch.nn.functional as F
import torchvision.transforms.functional as TF
${rows}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 4, 3, padding=1)
        self.p = nn.MaxPool2d(2)
        self.u = nn.ConvTranspose2d(4, 4, 2, 2)
        self.f = nn.Linear(4, 2)
    def forward(self, x):
        s = self.a(x)
        x = self.u(self.p(s))
        ${way}
        return self.f((x + s).mean((2, 3)))
model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
`;

const pictures = (size: number): string => `x = torch.randn(8, 3, ${size}, ${size})\ny = torch.randint(0, 2, (8,))`;
const resized = 'x = TF.resize(x, size=s.shape[2:])';
const cut = 's = s[:, :, :x.shape[2], :x.shape[3]]';
const kinds = (text: string): string[] => {
  const unit = readUnit(text);
  expect(unit.unread).toEqual([]);
  return unit.model?.nodes.map(({ kind }) => kind) ?? [];
};

describe('shapes of tensors that a model compares', () => {
  it.each(['if x.shape != s.shape:', 'if not x.shape == s.shape:', 'if x.size() != s.size():', 'if x.shape[2:] != s.shape[2:]:'])(
    '%s is not gone into where they are the same',
    (condition) => {
      expect(readUnit(script(pictures(12), `${condition}\n            ${resized}`)).unread).toEqual([]);
    },
  );

  it('is gone into where they differ', () => {
    expect(kinds(script(pictures(13), `if x.shape != s.shape:\n            ${cut}`))).toContain('slice');
    expect(kinds(script(pictures(12), `if x.shape != s.shape:\n            ${cut}`))).not.toContain('slice');
  });

  it('takes pictures whose sizes the files decide as it says', () => {
    const rows = `from torchvision import datasets, transforms
data = datasets.ImageFolder('pictures', transform=transforms.ToTensor())
x, y = next(iter(torch.utils.data.DataLoader(data, batch_size=8)))`;
    const unit = readUnit(script(rows, `if x.shape != s.shape:\n            ${resized}`));
    expect(unit.unread.map(({ text }) => text)).not.toContain(
      '`torchvision.transforms.functional.resize` is not an operation this reader can train through',
    );
    expect(unit.assumptions.map(({ text }) => text)).toContain('These two are taken to have the same shape');
  });
});
