/** What the scripts of values begin with. */
export const head = `import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset
x, y = torch.randn(100, 4), torch.randint(0, 3, (100,))
`;

/** A training whose rate, epochs and batch size come from three expressions. */
export function training(rate: string, epochs: string, size: string, indent = ''): string {
  const lines = `loader = DataLoader(TensorDataset(x, y), batch_size=${size}, shuffle=True)
model = nn.Linear(4, 3)
opt = optim.SGD(model.parameters(), lr=${rate})
for epoch in range(${epochs}):
    for xb, yb in loader:
        opt.zero_grad()
        loss = F.cross_entropy(model(xb), yb)
        loss.backward()
        opt.step()
`;
  return lines
    .split('\n')
    .map((line) => (line === '' ? line : indent + line))
    .join('\n');
}
