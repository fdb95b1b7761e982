import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../src/records/experiment';
import { readUnit, shapeOfModel } from './reading';

const rows = `import torch
from torch import nn
x, y = torch.randn(40, 6), torch.randint(0, 3, (40,))
`;

const loop = `
for epoch in range(5):
    opt.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    opt.step()
`;

const rateOf = (unit: Experiment): number | undefined => unit.optimizer?.learningRate.value;

describe('classes that the script registers', () => {
  const net = (head: string): string => `import torch.nn as nn
${head}
class Net(nn.Module):
    def __init__(self, inputs, classes):
        super().__init__()
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        return self.fc(x).tanh()
`;
  const train = `${rows}from models import build_model
model = build_model("net", inputs=6, classes=3)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
${loop}`;

  it('are found by the name that a decorating function keeps them under', () => {
    const unit = readUnit(train, {
      '/project/models/__init__.py': 'from .registry import build_model\nfrom . import net\n',
      '/project/models/registry.py': `MODELS = {}
def register_model(name):
    def decorator(cls):
        if name in MODELS:
            raise ValueError(name)
        MODELS[name] = cls
        return cls
    return decorator

def build_model(name, **settings):
    return MODELS[name](**settings)
`,
      '/project/models/net.py': `from .registry import register_model\n${net('@register_model("net")')}`,
    });
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toContain('linear(0) tanh(1)');
  });

  it('are found under their own names in a register that is an object', () => {
    const unit = readUnit(train, {
      '/project/models.py': `class Registry:
    def __init__(self):
        self.classes = {}

    def __call__(self, cls):
        self.classes[cls.__name__.lower()] = cls
        return cls

register = Registry()
${net('@register')}
def build_model(name, **settings):
    return register.classes[name](**settings)
`,
    });
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toContain('linear(0) tanh(1)');
  });
});

describe('modules that a text names', () => {
  const files = {
    '/project/nets/__init__.py': '',
    '/project/nets/small.py': `import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 3)

    def forward(self, x):
        return self.fc(x).relu()
`,
  };
  it.each(['f"nets.{name}"', '"nets.small"', '".small", package="nets"', '"." + name, "nets"'])('import_module(%s)', (given) => {
    const unit = readUnit(
      `${rows}import importlib
name = "small"
model = getattr(importlib.import_module(${given}), "Net")()
optimizers = importlib.import_module("torch.optim")
opt = optimizers.SGD(model.parameters(), lr=0.1)
${loop}`,
      files,
    );
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toContain('linear(0) relu(1)');
  });
});

describe('settings in nodes', () => {
  const defaults = `from yacs.config import CfgNode as CN
_C = CN()
_C.SOLVER = CN()
_C.SOLVER.LR = 0.1
_C.SOLVER.BETAS = (0.9, 0.999)
_C.SOLVER.EPOCHS = 5
_C.MODEL = CN({"WIDTH": 4})
`;
  const train = (between: string): string => `import argparse
${rows}from defaults import _C
cfg = _C.clone()
parser = argparse.ArgumentParser()
parser.add_argument("--file", default="small.yml")
parser.add_argument("opts", default=None, nargs=argparse.REMAINDER)
args = parser.parse_args()
${between}
cfg.merge_from_list(args.opts)
cfg.freeze()
model = nn.Sequential(nn.Linear(6, cfg.MODEL.WIDTH), nn.Linear(cfg.MODEL.WIDTH, 3))
opt = torch.optim.Adam(model.parameters(), lr=cfg.SOLVER.LR, betas=cfg.SOLVER.BETAS)
${loop}`;
  const files = {
    '/project/defaults.py': defaults,
    '/project/small.yml': 'SOLVER:\n  LR: "2e-2"\n  BETAS: (0.8, 0.99)\n',
  };

  it('are those of the file over the defaults, and text in it is read as a literal', () => {
    const unit = readUnit(train('cfg.merge_from_file(args.file)'), files);
    expect(unit.unread).toEqual([]);
    expect(rateOf(unit)).toBe(0.02);
    const { optimizer } = unit;
    expect(optimizer?.kind === 'adam' && [optimizer.settings.beta1.value, optimizer.settings.beta2.value]).toEqual([0.8, 0.99]);
    expect(unit.optimizer?.learningRate.place.path).toBe('/project/small.yml');
  });

  it('are those of the last list of names and values', () => {
    const unit = readUnit(train('cfg.merge_from_list(["SOLVER.LR", 0.3, "MODEL.WIDTH", "8"])'), files);
    expect(unit.unread).toEqual([]);
    expect(rateOf(unit)).toBe(0.3);
    expect(unit.model?.parameters[0]?.shape).toEqual([8, 6]);
  });

  it('leave the defaults as they were when a copy is changed', () => {
    const unit = readUnit(train('cfg.SOLVER.LR = 0.7\ncfg = _C'), files);
    expect(rateOf(unit)).toBe(0.1);
  });

  it('are not known where the file is not there', () => {
    const unit = readUnit(train('cfg.merge_from_file("other.yml")'), files);
    expect(unit.unread.map(({ text }) => text)).toContain('The settings file `other.yml` was not found in the workspace');
  });
});

it('takes no words of the command line over the settings of a file', () => {
  const unit = readUnit(
    `${rows}from omegaconf import OmegaConf
cfg = OmegaConf.merge(OmegaConf.load("base.yaml"), OmegaConf.from_cli())
model = nn.Linear(6, 3)
opt = torch.optim.SGD(model.parameters(), lr=cfg.train.lr)
${loop}`,
    { '/project/base.yaml': 'train:\n  lr: 0.25\n' },
  );
  expect(unit.unread).toEqual([]);
  expect(rateOf(unit)).toBe(0.25);
});

it('names the script that is run as its path, wherever the optimizer is made', () => {
  const unit = readUnit(
    `${rows}from solver import make
model = nn.Linear(6, 3)
opt = make(model)
${loop}`,
    { '/project/solver.py': 'import torch\ndef make(model):\n    return torch.optim.SGD(model.parameters(), lr=0.1)\n' },
  );
  expect([unit.unit.path, unit.unit.range.path]).toEqual(['/project/train.py', '/project/solver.py']);
});

describe('loops that train through what is held under another name', () => {
  const train = (body: string): Experiment =>
    readUnit(`import functools
${rows}from torch.utils.data import DataLoader, TensorDataset
loader = DataLoader(TensorDataset(x, y), batch_size=10)
model = nn.Linear(6, 3)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
def update(inputs, labels):
    opt.zero_grad()
    nn.functional.cross_entropy(model(inputs), labels).backward()
    opt.step()
${body}`);
  const epochs = (step: string): string => `for epoch in range(6):
    for inputs, labels in loader:
        ${step}
`;

  it.each([
    [
      'a field',
      `class Engine:\n    def __init__(self, process):\n        self.process = process\n    def run(self, data, count):\n        for _ in range(count):\n            for batch in data:\n                self.process(*batch)\nEngine(update).run(loader, 6)\n`,
    ],
    [
      'a parameter',
      `def run(step):\n    for epoch in range(6):\n        for inputs, labels in loader:\n            step(inputs, labels)\nrun(update)\n`,
    ],
    ['a variable', `step = update\n${epochs('step(inputs, labels)')}`],
    ['a lambda', `step = lambda a, b: update(a, b)\n${epochs('step(inputs, labels)')}`],
    ['a partial call', `step = functools.partial(update)\n${epochs('step(inputs, labels)')}`],
    ['a dictionary', `steps = {"plain": update}\n${epochs('steps["plain"](inputs, labels)')}`],
    ['a list', `hooks = [update]\n${epochs('for hook in hooks:\n            hook(inputs, labels)')}`],
    [
      'an object that is called',
      `class Runner:\n    def __call__(self, data):\n        for inputs, labels in data:\n            update(inputs, labels)\nrunner = Runner()\nfor epoch in range(6):\n    runner(loader)\n`,
    ],
  ])('%s', (_, body) => {
    const unit = train(body);
    expect(unit.unread).toEqual([]);
    expect(unit.loop?.epochs.value).toBe(6);
    expect(unit.batches).toMatchObject({ batchSize: { value: 10 } });
  });
});

describe('settings behind an object of the script', () => {
  const script = (optimizer: string, config = '{"optimizer": {"type": "Adam", "args": {"lr": 0.25}}}'): string => `${rows}
class Config:
    def __init__(self, entries):
        self.entries = entries

    def build(self, name, module, *args, **kwargs):
        chosen = self[name]["type"]
        given = dict(self[name]["args"])
        given.update(kwargs)
        return getattr(module, chosen)(*args, **given)

    def __getitem__(self, name):
        return self.entries[name]

config = Config(${config})
model = nn.Linear(6, 3)
opt = ${optimizer}
${loop}`;

  it('are what its `__getitem__` gives', () => {
    const unit = readUnit(script('config.build("optimizer", torch.optim, model.parameters())'));
    expect(unit.optimizer?.kind).toBe('adam');
    expect(rateOf(unit)).toBe(0.25);
  });

  it('are dictionaries of pairs', () => {
    expect(rateOf(readUnit(script('torch.optim.Adam(model.parameters(), **dict(zip(["lr"], [0.5])))')))).toBe(0.5);
  });

  it('leave no argument at its default where they are not known', () => {
    const unit = readUnit(script('torch.optim.Adam(model.parameters(), **dict(config["args"]))', 'load_it()'));
    expect(unit.unread.map(({ text }) => text)).toContain('The arguments behind ** could not be read');
  });
});
