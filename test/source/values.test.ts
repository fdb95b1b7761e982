import { describe, expect, it } from 'vitest';
import { readUnit, textAt } from './reading';
import { head, training } from './trainingScript';

/** Ways to write lr = 0.1, 5 epochs, batches of 16: the text before, and the place of the rate's literal. */
const ways: readonly (readonly [string, string, string])[] = [
  ['constants unpacked together', `lr, epochs, bs = 0.1, 5, 2 ** 4\n${training('lr', 'epochs', 'bs')}`, '0.1'],
  [
    'click options',
    `import click
@click.command()
@click.option('--lr', default=0.1, help='rate', show_default=True)
@click.option('--epochs', '-e', 'n_epochs', type=int, default=5)
@click.option('--batch-size', type=click.INT, default=16)
@click.option('--no-cuda', is_flag=True)
def main(lr, n_epochs, batch_size, no_cuda):
${training('lr', 'n_epochs', 'batch_size', '    ')}
if __name__ == '__main__':
    main()
`,
    '0.1',
  ],
  [
    'a click command that takes its options as keywords and that a group calls',
    `import click
@click.group()
def cli():
    pass
@cli.command()
@click.option('--lr', default='1e-1', type=float)
@click.option('--epochs', default=5)
@click.option('--bs', default=16)
def train(**kwargs):
${training("kwargs['lr']", "kwargs['epochs']", "kwargs['bs']", '    ')}
cli()
`,
    "'1e-1'",
  ],
  [
    'absl flags',
    `from absl import app, flags
FLAGS = flags.FLAGS
flags.DEFINE_float('lr', 0.1, 'rate')
flags.DEFINE_integer('epochs', 5, 'passes')
SIZE = flags.DEFINE_integer('bs', default=16, help='rows')
def main(argv):
    del argv
${training('FLAGS.lr', 'FLAGS.epochs', 'SIZE.value', '    ')}
if __name__ == '__main__':
    app.run(main)
`,
    '0.1',
  ],
  [
    'argparse with a group, several flags, text as default and vars()',
    `import argparse
def arguments(argv=None):
    p = argparse.ArgumentParser(description='x')
    g = p.add_argument_group('training')
    g.add_argument('-l', '--learning-rate', '--lr', dest='lr', metavar='LR', type=float, default='1e-1')
    g.add_argument('--epochs', type=int, default=5, choices=[5, 10])
    p.add_argument('--bs', default=16, type=int)
    p.add_argument('--amp', action='store_true')
    p.add_argument('--flag', action=argparse.BooleanOptionalAction, default=True)
    args, unknown = p.parse_known_args(argv)
    return args
def main(lr, epochs, bs, **_):
${training('lr', 'epochs', 'bs', '    ')}
main(**vars(arguments()))
`,
    "'1e-1'",
  ],
  [
    'words that the script gives argparse itself',
    `import argparse
p = argparse.ArgumentParser()
p.add_argument('--lr', type=float, default=0.5)
p.add_argument('--epochs', type=int, default=7)
p.add_argument('--bs', type=int, required=True)
args = p.parse_args(['--lr', '0.1', '--epochs=5', '--bs', '16'])
${training('args.lr', 'args.epochs', 'args.bs')}`,
    "'0.1'",
  ],
  [
    'nested dataclasses with factories',
    `from dataclasses import dataclass, field, asdict
@dataclass
class Optim:
    lr: float = 0.1
    betas: tuple = (0.9, 0.999)
@dataclass
class Config:
    name: str
    epochs: int = 5
    bs: int = field(default=16)
    optim: Optim = field(default_factory=Optim)
    layers: list = field(default_factory=lambda: [4, 3])
cfg = Config('a')
print(asdict(cfg))
${training('cfg.optim.lr', 'cfg.epochs', "asdict(cfg)['bs']")}`,
    '0.1',
  ],
  [
    'a dataclass made by a class method and changed by replace',
    `from dataclasses import dataclass, replace
@dataclass(frozen=True)
class Config:
    lr: float = 0.7
    epochs: int = 5
    bs: int = 64
    @classmethod
    def small(cls):
        return cls(lr=0.1)
cfg = replace(Config.small(), bs=16)
${training('cfg.lr', 'cfg.epochs', 'cfg.bs')}`,
    '0.1',
  ],
  [
    'class attributes, inherited and nested',
    `class Config:
    lr = 0.1
    epochs = 50
    class data:
        bs = 16
class Debug(Config):
    epochs = 5
args = Debug
${training('args.lr', 'args.epochs', 'Config.data.bs')}`,
    '0.1',
  ],
  [
    'an object that keeps its keywords',
    `class Config:
    def __init__(self, lr=0.5, **kwargs):
        self.epochs = kwargs.get('epochs', 50)
        self.bs = kwargs.pop('bs', 16)
        for k, v in kwargs.items():
            setattr(self, k, v)
        self.__dict__.update({'rate': lr})
cfg = Config(lr=0.1, epochs=5)
${training('cfg.rate', 'cfg.epochs', 'cfg.bs')}`,
    '0.1',
  ],
  [
    'namespaces of all kinds',
    `from types import SimpleNamespace
from easydict import EasyDict as edict
from argparse import Namespace
a = SimpleNamespace(**{'lr': 0.1, 'n': 2})
b = edict({'TRAIN': {'BS': 16}})
b.epochs = 5
c = Namespace(**vars(a))
${training('c.lr', 'b.epochs', "b['TRAIN'].BS")}`,
    '0.1',
  ],
  [
    'a dictionary class whose entries are attributes',
    `class AttrDict(dict):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.__dict__ = self
hp = AttrDict(lr=0.1, epochs=5, bs=16)
${training('hp.lr', 'hp.epochs', "hp['bs']")}`,
    '0.1',
  ],
  [
    'named tuples',
    `from collections import namedtuple
from typing import NamedTuple
HP = namedtuple('HP', ['lr', 'epochs'])
class Size(NamedTuple):
    bs: int = 16
hp = HP(0.1, epochs=5)
${training('hp.lr', 'hp.epochs', 'Size().bs')}`,
    '0.1',
  ],
  [
    'dictionaries that are merged and changed',
    `cfg = {'optim': {'lr': 0.5}, 'epochs': 5}
cfg.update(bs=16)
cfg['optim']['lr'] = 0.1
both = {**cfg, **dict(extra=1)}
${training("both['optim']['lr']", "cfg.get('epochs', 1)", "both['bs']")}`,
    '0.1',
  ],
  [
    'settings of pydantic, typer and fire',
    `import fire
from pydantic import BaseModel, Field
class Train(BaseModel):
    lr: float = Field(0.1, gt=0)
    epochs: int = 5
class Settings(BaseModel):
    train: Train = Train()
def main(bs=16):
    s = Settings()
${training('s.train.lr', 's.train.epochs', 'bs', '    ')}
if __name__ == '__main__':
    fire.Fire(main)
`,
    '0.1',
  ],
  [
    'dataclasses that transformers fills from the command line',
    `from transformers import HfArgumentParser
from dataclasses import dataclass
@dataclass
class Arguments:
    lr: float = 0.1
    epochs: int = 5
    bs: int = 16
(args,) = HfArgumentParser(Arguments).parse_args_into_dataclasses()
${training('args.lr', 'args.epochs', 'args.bs')}`,
    '0.1',
  ],
  [
    'the configuration that wandb is given and read back from',
    `import wandb
run = wandb.init(project='p', config={'lr': 0.1, 'epochs': 5})
wandb.config.bs = 16
${training('wandb.config.lr', 'run.config.epochs', "wandb.config['bs']")}`,
    '0.1',
  ],
  [
    'a match on a name',
    `name = 'slow'
match name:
    case 'fast':
        lr = 1.0
    case 'slow' | 'careful':
        lr = 0.1
    case _:
        raise ValueError(name)
${training('lr', '5', '16')}`,
    '0.1',
  ],
  [
    'numbers in text',
    `lr = float('{}.{n}'.format(0, n=1))
epochs, bs = map(int, '5,16'.split(','))
${training('lr', 'epochs', 'bs')}`,
    "'{}.{n}'",
  ],
];

describe('the same three values', () => {
  it.each(ways)('from %s', (_, before, literal) => {
    const text = head + before;
    const unit = readUnit(text);
    expect(unit.unread).toEqual([]);
    expect(unit.optimizer?.learningRate.value).toBe(0.1);
    expect(textAt(text, unit.optimizer?.learningRate.place)).toBe(literal);
    expect(unit.loop?.epochs.value).toBe(5);
    expect(unit.batches?.batchSize?.value).toBe(16);
  });
});

describe('values that only a run knows', () => {
  it.each([
    [
      'an argument that is required',
      "import argparse\np = argparse.ArgumentParser()\np.add_argument('--lr', type=float, required=True)\nlr = p.parse_args().lr",
      /`--lr` comes from the command line/,
      "p.add_argument('--lr', type=float, required=True)",
    ],
    [
      'an argument without a default',
      "import argparse\np = argparse.ArgumentParser()\np.add_argument('--lr', type=float)\nlr = p.parse_args().lr",
      /`--lr` comes from the command line/,
      "p.add_argument('--lr', type=float)",
    ],
    ['a word of the command line', 'import sys\nlr = float(sys.argv[1])', /comes from the command line/, 'sys.argv[1]'],
    ['a variable of the environment', "import os\nlr = float(os.environ['LR'])", /environment variable LR/, "os.environ['LR']"],
    ['text where a number belongs', "lr = '0.1'", /`lr` is the text '0.1' here/, "'0.1'"],
  ])('%s is said at its place', (_, before, reason, place) => {
    const text = `${head}${before}\n${training('lr', '5', '16')}`;
    const unit = readUnit(text);
    expect(unit.optimizer).toBeNull();
    expect(unit.unread.map((r) => r.text)).toEqual([expect.stringMatching(reason)]);
    expect(textAt(text, unit.unread[0]?.range)).toContain(place);
    // The rest is read all the same.
    expect(unit.model?.loss).not.toBeNull();
    expect(unit.loop?.epochs.value).toBe(5);
    expect(unit.batches?.batchSize?.value).toBe(16);
  });

  it('says where the number of epochs is missing', () => {
    const text = `${head}import argparse
p = argparse.ArgumentParser()
p.add_argument('--epochs', type=int)
args = p.parse_args()
${training('0.1', 'args.epochs', '16')}`;
    const unit = readUnit(text);
    expect(unit.unread.map((r) => r.text)).toEqual(['The value of `--epochs` comes from the command line']);
    expect(textAt(text, unit.unread[0]?.range)).toBe("p.add_argument('--epochs', type=int)");
  });

  it('takes a variable of the environment as not set, and says so', () => {
    const text = `${head}import os\nlr = float(os.environ.get('LR', '0.1'))\n${training('lr', "int(os.getenv('EPOCHS', 5))", '16')}`;
    const unit = readUnit(text);
    expect(unit.optimizer?.learningRate.value).toBe(0.1);
    expect(unit.loop?.epochs.value).toBe(5);
    expect(unit.assumptions.map((a) => a.text)).toEqual([
      'The environment variable LR is taken as not set',
      'The environment variable EPOCHS is taken as not set',
    ]);
  });

  it('reads the command that trains, and says so', () => {
    const text = `${head}import argparse
p = argparse.ArgumentParser()
sub = p.add_subparsers(dest='command', required=True)
te = sub.add_parser('test')
te.add_argument('--lr', type=float, default=0.7)
tr = sub.add_parser('train')
tr.add_argument('--lr', type=float, default=0.1)
args = p.parse_args()
if args.command == 'train':
${training('args.lr', '5', '16', '    ')}`;
    const unit = readUnit(text);
    expect(unit.optimizer?.learningRate.value).toBe(0.1);
    expect(unit.assumptions.map((a) => a.text)).toEqual(["Of the script's commands `train` is read"]);
  });
});

describe('chains of places', () => {
  it('leads from the literal through names and parameters to the call', () => {
    const text = `${head}def fit(model, rate, epochs=5):
    opt = optim.SGD(model.parameters(), lr=rate)
    for epoch in range(epochs):
        loss = F.cross_entropy(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
def main():
    base = 3e-4
    fit(nn.Linear(4, 3), base)
main()
`;
    const rate = readUnit(text).optimizer?.learningRate;
    expect(textAt(text, rate?.place)).toBe('3e-4');
    expect(rate?.chain.map((place) => `${place.line}:${textAt(text, place)}`)).toEqual(['15:base', '7:rate', '8:rate']);
  });
});
