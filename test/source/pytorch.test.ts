import { describe, expect, it } from 'vitest';
import { readUnit, shapeOfData, shapeOfModel, textAt } from './reading';

const imports = `import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset
`;

const rows = `x = torch.randn(100, 4)
y = torch.randint(0, 3, (100,))
`;

const loop = `for epoch in range(5):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
`;

/** A full-batch script around a model and an optimizer call. */
const around = (model: string, optimizer = 'optim.SGD(model.parameters(), lr=0.1)', before = ''): string =>
  `${imports}${before}${rows}${model}
criterion = nn.CrossEntropyLoss()
optimizer = ${optimizer}
${loop}`;

describe('models', () => {
  const models: readonly (readonly [string, string, string])[] = [
    [
      'Sequential',
      'model = nn.Sequential(nn.Flatten(), nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3))',
      'input flatten(0) linear(1) tanh(2) linear(3) | target crossEntropy(4,5)',
    ],
    [
      'a class with activations in all forms',
      `class Net(nn.Module):
    def __init__(self, hidden=8):
        super(Net, self).__init__()
        self.fc1 = nn.Linear(4, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.fc3 = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, 3)
    def forward(self, x):
        x = F.relu(self.fc1(x))
        x = torch.tanh(self.fc2(x))
        x = self.fc3(x).sigmoid()
        return self.out(x)
model = Net(16).to('cpu')`,
      'input linear(0) relu(1) linear(2) tanh(3) linear(4) sigmoid(5) linear(6) | target crossEntropy(7,8)',
    ],
    [
      'layers made in a loop',
      `class Net(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        layers = []
        for i in range(len(sizes) - 2):
            layers.append(nn.Linear(sizes[i], sizes[i + 1]))
            layers.append(nn.ReLU())
        layers.append(nn.Linear(sizes[-2], sizes[-1]))
        self.net = nn.Sequential(*layers)
    def forward(self, x):
        return self.net(x)
model = Net([4, 8, 8, 3])`,
      'input linear(0) relu(1) linear(2) relu(3) linear(4) | target crossEntropy(5,6)',
    ],
    [
      'a ModuleList with residuals',
      `class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 8)
        self.blocks = nn.ModuleList([nn.Linear(8, 8) for _ in range(2)])
        self.last = nn.Linear(8, 3)
    def forward(self, x):
        x = self.first(x)
        for block in self.blocks:
            x = x + F.relu(block(x))
        return self.last(x)
model = Net()`,
      'input linear(0) linear(1) relu(2) add(1,3) linear(4) relu(5) add(4,6) linear(7) | target crossEntropy(8,9)',
    ],
    [
      'nested modules, inheritance and a branch on a constant',
      `class Block(nn.Module):
    def __init__(self, n, norm=False):
        super().__init__()
        self.fc = nn.Linear(n, n)
        self.norm = nn.BatchNorm1d(n) if norm else nn.Identity()
        self.act = nn.GELU()
    def forward(self, x):
        return self.act(self.norm(self.fc(x)))
class Base(nn.Module):
    def forward(self, x):
        return self.head(self.body(x))
class Net(Base):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(Block(4, norm=True), Block(4))
        self.head = nn.Linear(4, 3)
model = Net()`,
      'input linear(0) batchNorm(1) gelu(2) linear(3) gelu(4) linear(5) | target crossEntropy(6,7)',
    ],
    [
      'an activation passed in',
      `def mlp(sizes, activation=nn.ReLU):
    layers = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        layers += [nn.Linear(n_in, n_out), activation()]
    return nn.Sequential(*layers[:-1])
model = mlp([4, 6, 3], activation=nn.SiLU)`,
      'input linear(0) silu(1) linear(2) | target crossEntropy(3,4)',
    ],
  ];
  it.each(models)('%s', (_name, model, expected) => {
    const unit = readUnit(around(model));
    expect(shapeOfModel(unit)).toBe(expected);
    expect(unit.unread).toEqual([]);
  });

  it('names layers and parameters as the state_dict does', () => {
    const unit = readUnit(around('model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3, bias=False))'));
    expect(unit.model?.parameters.map((p) => `${p.name} ${p.shape.join('x')}`)).toEqual([
      '0.weight 8x4',
      '0.bias 8',
      '2.weight 3x8',
    ]);
    expect(unit.model?.nodes.map((n) => n.name)).toEqual(['input1', '0', '1', '2', 'target1', 'crossEntropy1']);
    expect(unit.optimizer?.groups).toEqual([{ parameters: [0, 1, 2] }]);
  });

  it('keeps the default initialisation of PyTorch 2', () => {
    const unit = readUnit(around('model = nn.Linear(4, 3)'));
    expect(unit.model?.parameters.map((p) => p.initializer)).toEqual([
      { kind: 'kaimingUniform', slope: Math.sqrt(5), mode: 'fanIn', nonlinearity: 'leaky_relu' },
      { kind: 'biasUniform', weight: 0 },
    ]);
  });
});

describe('places of numbers', () => {
  it.each([
    ['a literal in the call', 'optim.SGD(model.parameters(), lr=0.1)', '', '0.1', 0],
    ['a positional literal', 'optim.SGD(model.parameters(), 0.1)', '', '0.1', 0],
    ['a constant', 'optim.SGD(model.parameters(), lr=LR)', 'LR = 1e-1\n', '1e-1', 2],
    ['a constant of a constant', 'optim.SGD(model.parameters(), lr=LR)', 'BASE = 0.1\nLR = BASE\n', '0.1', 3],
    ['arithmetic', 'optim.SGD(model.parameters(), lr=LR)', 'LR = 1 / 10\n', '1 / 10', 2],
    [
      'an argparse default',
      'optim.SGD(model.parameters(), lr=args.lr)',
      "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--learning-rate', '--lr', dest='lr', type=float, default=0.1)\nargs = parser.parse_args()\n",
      '0.1',
      2,
    ],
    ['a dictionary', "optim.SGD(model.parameters(), lr=cfg['lr'])", "cfg = {'lr': 0.1, 'epochs': 3}\n", '0.1', 2],
    ['keywords from a dictionary', 'optim.SGD(model.parameters(), **opts)', 'opts = dict(lr=0.1, momentum=0.5)\n', '0.1', 1],
    ['a config class', 'optim.SGD(model.parameters(), lr=Config.lr)', 'class Config:\n    lr = 0.1\n', '0.1', 2],
    [
      'a dataclass',
      'optim.SGD(model.parameters(), lr=cfg.lr)',
      'from dataclasses import dataclass\n@dataclass\nclass Config:\n    epochs: int = 3\n    lr: float = 0.1\ncfg = Config()\n',
      '0.1',
      2,
    ],
  ])('%s', (_name, call, before, place, chain) => {
    const text = around('model = nn.Linear(4, 3)', call, before);
    const rate = readUnit(text).optimizer?.learningRate;
    expect(rate?.value).toBeCloseTo(0.1, 12);
    expect(textAt(text, rate?.place)).toBe(place);
    expect(rate?.chain.length).toBe(chain);
    expect(rate?.isDefault).toBe(false);
  });

  it('puts a default at the name of the call', () => {
    const text = around('model = nn.Linear(4, 3)', 'torch.optim.Adam(model.parameters())');
    const rate = readUnit(text).optimizer?.learningRate;
    expect(rate).toMatchObject({ value: 0.001, isDefault: true });
    expect(textAt(text, rate?.place)).toBe('Adam');
  });

  it('follows a function parameter to its call', () => {
    const text = `${imports}${rows}
def train(model, lr, epochs=10):
    opt = optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        opt.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        opt.step()

if __name__ == '__main__':
    train(nn.Linear(4, 3), 0.5)
`;
    const unit = readUnit(text);
    expect(textAt(text, unit.optimizer?.learningRate.place)).toBe('0.5');
    expect(unit.optimizer?.learningRate.chain.map((r) => textAt(text, r))).toEqual(['lr', 'lr']);
    expect(textAt(text, unit.loop?.epochs.place)).toBe('10');
    expect(unit.unread).toEqual([]);
  });

  it('says at its place that only the command line gives the rate', () => {
    const text = around(
      'model = nn.Linear(4, 3)',
      'optim.SGD(model.parameters(), lr=args.lr)',
      "import argparse\np = argparse.ArgumentParser()\np.add_argument('--lr', type=float, required=True)\nargs = p.parse_args()\n",
    );
    const unit = readUnit(text);
    expect(unit.optimizer).toBeNull();
    expect(unit.unread.map((r) => [r.text, r.range.line])).toEqual([['The value of `--lr` comes from the command line', 8]]);
  });
});

describe('the training loop', () => {
  it('reads loaders, evaluation and modes', () => {
    const text = `${imports}
BATCH = 32
x, y = torch.randn(100, 4), torch.randint(0, 3, (100,))
vx, vy = torch.randn(50, 4), torch.randint(0, 3, (50,))
train_loader = DataLoader(TensorDataset(x, y), batch_size=BATCH, shuffle=True, drop_last=True)
val_loader = DataLoader(TensorDataset(vx, vy), batch_size=BATCH)
model = nn.Linear(4, 3)
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), lr=3e-4)
for epoch in range(1, 21):
    model.train()
    for batch_idx, (data, target) in enumerate(train_loader):
        optimizer.zero_grad()
        output = model(data)
        loss = criterion(output, target)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=2.0)
        optimizer.step()
        if batch_idx % 10 == 0:
            print(loss.item())
    model.eval()
    correct = 0
    with torch.no_grad():
        for data, target in val_loader:
            pred = model(data).argmax(dim=1, keepdim=True)
            correct += pred.eq(target.view_as(pred)).sum().item()
`;
    const unit = readUnit(text);
    expect(unit.batches).toMatchObject({
      sampling: 'epochs',
      batchSize: { value: 32 },
      shuffle: { value: true, isDefault: false },
      dropLast: true,
    });
    expect(textAt(text, unit.batches?.batchSize?.place)).toBe('32');
    expect(unit.loop).toMatchObject({
      epochs: { value: 20 },
      zeroGrad: { when: 'everyStep' },
      accumulation: 1,
      clipping: { kind: 'norm', limit: { value: 2 } },
      evaluation: { evalMode: true, noGrad: true, trainModeRestored: true, per: 'epoch' },
      trainsInEvalMode: false,
    });
    expect(textAt(text, unit.loop?.backward)).toBe('loss.backward()');
    expect(unit.unread).toEqual([]);
  });

  it('sees a missing zero_grad, train() and backward', () => {
    const missing = readUnit(around('model = nn.Linear(4, 3)').replace('    optimizer.zero_grad()\n', ''));
    expect(missing.loop?.zeroGrad).toEqual({ when: 'never', range: null });
    const forgotten = readUnit(around('model = nn.Linear(4, 3)').replace('    loss.backward()\n', ''));
    expect(forgotten.loop?.backward).toBeNull();
    expect(shapeOfModel(forgotten)).toBe('input linear(0) | target crossEntropy(1,2)');
    const evalMode = readUnit(
      `${around('model = nn.Linear(4, 3)')}    model.eval()\n    with torch.no_grad():\n        print(model(torch.zeros(5, 4)))\n`,
    );
    expect(evalMode.loop?.evaluation).toMatchObject({ evalMode: true, trainModeRestored: false });
  });

  it('reads batches made by hand', () => {
    const text = `${imports}${rows}
model = nn.Linear(4, 3)
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(model.parameters(), lr=0.1)
batch_size = 10
for epoch in range(7):
    perm = torch.randperm(x.size(0))
    for i in range(0, x.size(0), batch_size):
        idx = perm[i:i + batch_size]
        xb, yb = x[idx], y[idx]
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
`;
    const unit = readUnit(text);
    expect(unit.unread).toEqual([]);
    expect(unit.batches).toMatchObject({ sampling: 'epochs', batchSize: { value: 10 }, shuffle: { value: true } });
    expect(textAt(text, unit.batches?.batchSize?.place)).toBe('10');
    expect(unit.loop?.epochs.value).toBe(7);
    expect(shapeOfData(unit)).toBe('randomNormal() randomInteger()');
  });
});
