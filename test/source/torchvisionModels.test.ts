import { expect, it } from 'vitest';
import { readUnit, textAt } from './reading';

const script = `import torch
from torchvision import models
model = models.resnet50(weights=None)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in loader:
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
`;

it("tells a catalogue model's size at its call, and still reads the rate", () => {
  const unit = readUnit(script);
  const reason = unit.unread.find(({ text }) => text.includes('too big to train here'));
  expect(reason?.text).toContain('25.6 M parameters');
  expect(textAt(script, reason?.range)).toBe('models.resnet50(weights=None)');
  expect(unit.optimizer?.learningRate.value).toBe(0.1);
  expect(textAt(script, unit.optimizer?.learningRate.place)).toBe('0.1');
});
