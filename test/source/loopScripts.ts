import { readUnit } from './reading';

/** What the scripts of loops begin with: data, a loader of each half, a model and its loss. */
export const head = `import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset
x, y = torch.randn(100, 4), torch.randint(0, 3, (100,))
loader = DataLoader(TensorDataset(x, y), batch_size=16, shuffle=True)
held = DataLoader(TensorDataset(torch.randn(50, 4), torch.randint(0, 3, (50,))), batch_size=32)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 3))
criterion = nn.CrossEntropyLoss()
`;
/** The optimizer. */
export const made = 'opt = optim.SGD(model.parameters(), lr=0.1)\n';
/** The model with its loss, in one line. */
export const net = 'input linear(0) relu(1) dropout(2) linear(3) | target crossEntropy(4,5)';

/** The unit of such a script. */
export const unitOf = (body: string) => readUnit(head + body);
/** Everything about the loop but its places. */
export function loopOf(body: string) {
  const { loop, batches, unread } = unitOf(body);
  return {
    unread: unread.map((r) => r.text),
    epochs: loop?.epochs.isDefault ? null : loop?.epochs.value,
    steps: loop?.steps?.value ?? null,
    zeroGrad: loop?.zeroGrad.when,
    accumulation: loop?.accumulation,
    batchSize: batches?.batchSize?.value ?? null,
    shuffle: batches?.shuffle.value,
  };
}
/** What the plainest loop of three epochs is. */
export const plain = { unread: [], epochs: 3, steps: null, zeroGrad: 'everyStep', accumulation: 1, batchSize: 16, shuffle: true };

const step = `opt.zero_grad()
INloss = criterion(model(xb), yb)
INloss.backward()
INopt.step()
`;
/** One step, indented. */
export const stepAt = (indent: string): string => indent + step.replaceAll('IN', indent);
