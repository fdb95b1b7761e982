import { describe, expect, it } from 'vitest';
import { readUnit } from './reading';

const head = `import torch
from torch import nn
x, y = torch.randn(40, 6), torch.randint(0, 3, (40,))
`;
const loop = `
for epoch in range(5):
    opt.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    opt.step()
`;
const train = (imports: string): string => `${imports}
${head}model = build(6)
opt = torch.optim.SGD(model.parameters(), lr=rate)
${loop}`;
const nets = `from torch import nn
rate = 0.3
def build(width):
    return nn.Sequential(nn.Linear(width, 3))
`;
const rateOf = (text: string, files: Readonly<Record<string, string>>): number | undefined =>
  readUnit(text, files).optimizer?.learningRate.value;

describe('modules of the project', () => {
  it('are found in a folder that the script adds to the path of modules', () => {
    const files = { '/project/lib/core/nets.py': nets };
    const inserted = `import sys, pathlib
ROOT = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "lib" / "core"))
from nets import build, rate`;
    const appended = `import sys, os
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib/../lib/core"))
from nets import build, rate`;
    expect(rateOf(train(inserted), files)).toBe(0.3);
    expect(rateOf(train(appended), files)).toBe(0.3);
  });

  it('are found in the folder `src` of a package that is installed for work on it', () => {
    expect(rateOf(train('from nets.all import build, rate'), { '/project/src/nets/all.py': nets })).toBe(0.3);
  });

  it('give by `import *` what `__all__` lists, and nothing else', () => {
    const files = { '/project/nets.py': `__all__ = ["build", "_scale"]\n_scale = 0.5\n${nets}` };
    expect(rateOf(train('rate = 0.1\nfrom nets import *'), files)).toBe(0.1);
    expect(rateOf(train('from nets import *\nrate = _scale'), files)).toBe(0.5);
  });

  it('keep names with a leading underscore from `import *`', () => {
    const files = { '/project/nets.py': `_rate = 0.7\n${nets}` };
    expect(rateOf(train('_rate = 0.1\nfrom nets import *\nrate = _rate'), files)).toBe(0.1);
  });
});

describe('a command of a group', () => {
  it('is read with the defaults of its options', () => {
    const unit = readUnit(`import click
${head}
@click.group()
def cli(): ...

@cli.command()
@click.option("--lr", default=0.05)
@click.option("--epochs", type=int, default=7)
@click.argument("width", type=int, default=6)
@click.pass_context
def train(ctx, lr, epochs, width):
    model = nn.Linear(width, 3)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        opt.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        opt.step()

cli()
`);
    expect(unit.optimizer?.learningRate.value).toBe(0.05);
    expect(unit.optimizer?.learningRate.place.line).toBe(10);
    expect(unit.loop?.epochs.value).toBe(7);
    expect(unit.unread).toEqual([]);
  });
});

it('a part of the rows counts its own batches', () => {
  const unit = readUnit(`import torch
from torch import nn
from torch.utils.data import DataLoader, Subset, TensorDataset
rows = TensorDataset(torch.randn(240, 6), torch.randint(0, 3, (240,)))
loader = DataLoader(Subset(rows, range(60, 180)), batch_size=24, shuffle=True)
model = nn.Linear(6, 3)
opt = torch.optim.SGD(model.parameters(), lr=0.1 / len(loader))
for epoch in range(3):
    for x, y in loader:
        opt.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        opt.step()
`);
  expect(unit.optimizer?.learningRate.value).toBeCloseTo(0.1 / 5, 12);
});
