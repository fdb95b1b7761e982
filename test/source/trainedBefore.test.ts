import { describe, expect, it } from 'vitest';
import { read } from './reading';

const script = (middle: string): string => `
import torch
from torch import nn
import torch.nn.functional as F
X = torch.rand(64, 4)
y = torch.randint(0, 3, (64,))
teacher = nn.Sequential(nn.Linear(4, 32), nn.Dropout(0.2), nn.Linear(32, 3))
student = nn.Linear(4, 3)
${middle}
second = torch.optim.SGD(student.parameters(), lr=0.1)
teacher.eval()
for epoch in range(5):
    student.train()
    with torch.no_grad():
        soft = F.softmax(teacher(X), dim=1)
    loss = F.kl_div(F.log_softmax(student(X), dim=1), soft, reduction='batchmean')
    second.zero_grad()
    loss.backward()
    second.step()
`;

const training = `
first = torch.optim.Adam(teacher.parameters(), lr=1e-3)
for epoch in range(5):
    first.zero_grad()
    F.cross_entropy(teacher(X), y).backward()
    first.step()
`;

describe('a teacher', () => {
  it('that was trained before is told: its weights are not those it was made with', () => {
    const [first, second] = read(script(training)).experiments;
    expect(first?.unread).toEqual([]);
    expect(second?.unread.map(({ text, range }) => [text.includes('`first` has left'), range.line])).toEqual([[true, 14]]);
  });

  it('in evaluation mode leaves its student in training mode', () => {
    const [unit] = read(script('')).experiments;
    expect(unit?.unread).toEqual([]);
    expect(unit?.loop).toMatchObject({ trainsInEvalMode: false, evaluation: null });
  });
});

describe('weights that nothing else has trained', () => {
  it.each([
    ['a net of its own', training.replaceAll('teacher', 'nn.Linear(4, 3)')],
    ['nothing', ''],
  ])('are as they were made behind %s', (_, middle) => {
    const { experiments } = read(script(middle));
    expect(experiments[experiments.length - 1]?.unread).toEqual([]);
  });
});
