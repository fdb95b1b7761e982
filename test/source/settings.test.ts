import { describe, expect, it } from 'vitest';
import { read, readUnit, textAt } from './reading';

const yaml = `# how this net is trained
seed: 1
defaults: &common
  batch_size: 16
train:
  <<: *common
  lr: 1.0e-1   # rate
  epochs: 5
  sizes: [4, 3]
  name: "small net"
`;

const files: Readonly<Record<string, string>> = {
  '/project/configs/base.yaml': yaml,
  '/project/configs/base.json': '{\n\t"lr": 0.1,\n\t"train": {"epochs": 5,\n\t"batch_size": 16}\n}\n',
  '/project/configs/base.toml': '# settings\n[train]\nlr = 0.1 # rate\nepochs = 5\nbatch_size = 16\n',
  '/project/configs/base.ini': '[train]\nlr = 0.1\nepochs = 5\nbatch_size: 16\n',
  '/project/configs/config.yaml':
    'defaults:\n  - optimizer: slow\n  - _self_\ntrain:\n  epochs: 5\n  batch_size: 16\noptimizer:\n  weight_decay: 0\n',
  '/project/configs/optimizer/slow.yaml': 'lr: 1e-1\nweight_decay: 0.5\n',
  '/project/quirk.yaml': 'lr: 1e-3\n',
  '/project/broken.yaml': 'lr: [1, 2\nother: : :\n',
};

const head = `import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset
x, y = torch.randn(100, 4), torch.randint(0, 3, (100,))
`;

function training(settings: string, rate: string, indent = ''): string {
  return `loader = DataLoader(TensorDataset(x, y), batch_size=${settings}['batch_size'], shuffle=True)
model = nn.Linear(4, 3)
opt = torch.optim.SGD(model.parameters(), lr=${rate})
for epoch in range(${settings}['epochs']):
    for xb, yb in loader:
        opt.zero_grad()
        loss = F.cross_entropy(model(xb), yb)
        loss.backward()
        opt.step()
`
    .split('\n')
    .map((line) => (line === '' ? line : indent + line))
    .join('\n');
}

const ways: readonly (readonly [string, string, string])[] = [
  [
    'PyYAML with a merged anchor',
    `import yaml
def load_config(path):
    with open(path, 'r') as f:
        return yaml.safe_load(f)
cfg = load_config('configs/base.yaml')
${training("cfg['train']", "float(cfg['train']['lr'])")}`,
    '/project/configs/base.yaml 7:1.0e-1',
  ],
  [
    'a path from argparse, as an object',
    `import yaml, argparse, os
p = argparse.ArgumentParser()
p.add_argument('--config', default=os.path.join(os.path.dirname(os.path.abspath(__file__)), 'configs', 'base.yaml'))
args = p.parse_args()
class Struct:
    def __init__(self, **entries):
        self.__dict__.update(entries)
config = yaml.load(open(args.config), Loader=yaml.FullLoader)
t = Struct(**config['train'])
${training('vars(t)', 't.lr')}`,
    '/project/configs/base.yaml 7:1.0e-1',
  ],
  [
    'JSON with tabs',
    `import json
from pathlib import Path
HERE = Path(__file__).resolve().parent
with open(HERE / 'configs' / 'base.json') as f:
    config = json.load(f)
${training("json.loads((HERE / 'configs/base.json').read_text())['train']", "config['lr']")}`,
    '/project/configs/base.json 2:0.1',
  ],
  [
    'TOML',
    `import tomllib
with open('configs/base.toml', 'rb') as f:
    config = tomllib.load(f)['train']
${training('config', "config['lr']")}`,
    '/project/configs/base.toml 3:0.1',
  ],
  [
    'a configparser',
    `import configparser
config = configparser.ConfigParser()
config.read('configs/base.ini')
section = {k: int(config['train'][k]) for k in ('epochs', 'batch_size')}
${training('section', "config.getfloat('train', 'lr')")}`,
    '/project/configs/base.ini 2:0.1',
  ],
  [
    'OmegaConf',
    `from omegaconf import OmegaConf
cfg = OmegaConf.merge(OmegaConf.create({'train': {'lr': 0.5}}), OmegaConf.load('configs/base.yaml'))
${training('cfg.train', 'cfg.train.lr')}`,
    '/project/configs/base.yaml 7:1.0e-1',
  ],
  [
    "hydra's composed configuration",
    `import hydra
from omegaconf import DictConfig
@hydra.main(version_base=None, config_path='configs', config_name='config')
def main(cfg: DictConfig):
${training('cfg.train', 'cfg.optimizer.lr', '    ')}
if __name__ == '__main__':
    main()
`,
    '/project/configs/optimizer/slow.yaml 1:1e-1',
  ],
];

describe('settings files', () => {
  it.each(ways)('%s: the place is the value in the file', (_, body, expected) => {
    const unit = readUnit(head + body, files);
    expect(unit.unread).toEqual([]);
    expect(unit.optimizer?.learningRate.value).toBe(0.1);
    expect(unit.loop?.epochs.value).toBe(5);
    expect(unit.batches?.batchSize?.value).toBe(16);
    const place = unit.optimizer?.learningRate.place;
    expect(`${place?.path} ${place?.line}:${textAt(files[place?.path ?? ''] ?? '', place)}`).toBe(expected);
    // An edit of that file changes the Experiment, so its text is one of the unit's.
    expect(unit.files).toContain(place?.path);
  });

  it('says when a file is not there', () => {
    const text = `${head}import yaml\ncfg = yaml.safe_load(open('nothere.yaml'))\n${training('cfg', "cfg['lr']")}`;
    const unit = readUnit(text, files);
    expect(unit.unread[0]?.text).toBe('The settings file `nothere.yaml` was not found in the workspace');
    expect(textAt(text, unit.unread[0]?.range)).toBe("open('nothere.yaml')");
  });

  it('reads `1e-3` as the text that PyYAML makes of it', () => {
    const text = `${head}import yaml\ncfg = yaml.safe_load(open('quirk.yaml'))\n${training("{'batch_size': 16, 'epochs': 5}", "cfg['lr']")}`;
    const unit = readUnit(text, files);
    expect(unit.optimizer).toBeNull();
    expect(unit.unread[0]?.text).toBe("`lr` is the text '1e-3' here, not a number");
    expect(unit.unread[0]?.range.path).toBe('/project/quirk.yaml');
    expect(readUnit(text.replace("lr=cfg['lr']", "lr=float(cfg['lr'])"), files).optimizer?.learningRate.value).toBe(1e-3);
  });

  it('gives up quietly on a file that is none', () => {
    const text = `${head}import yaml\ncfg = yaml.safe_load(open('broken.yaml'))\n${training("{'batch_size': 16, 'epochs': 5}", "cfg['rate']")}`;
    const unit = readUnit(text, files);
    expect(unit.optimizer).toBeNull();
    expect(unit.unread.length).toBeGreaterThan(0);
  });
});

describe('files of the project', () => {
  it('are read only when the script imports them, and once', () => {
    const project = new Map<string, string>([
      ['/project/pkg/__init__.py', 'from .conf import *\nfrom . import conf\nEXTRA = 1\n'],
      [
        '/project/pkg/conf.py',
        '__all__ = ["LR"]\nLR = 0.1\nEPOCHS = 5\n_SIZE = 15\ndef size():\n    return _SIZE\nif __name__ == "__main__":\n    LR = 5.0\n',
      ],
      [
        '/project/deep/down/net.py',
        'import torch.nn as nn\nfrom ...pkg.conf import LR\ndef net():\n    return nn.Linear(4, 3)\n',
      ],
    ]);
    for (let i = 0; i < 200; i++) project.set(`/project/other/module${i}.py`, `import torch\nVALUE = ${i}\n`);
    const asked: string[] = [];
    const counting: Record<string, string> = new Proxy(
      {},
      {
        get: (_, path: string) => {
          if (project.has(path)) asked.push(path);
          return project.get(path);
        },
      },
    );
    const text = `${head}from pkg import *
from pkg.conf import LR as rate
import pkg.conf as C
from deep.down.net import net
s = {'batch_size': C.size() + EXTRA, 'epochs': conf.EPOCHS}
${training('s', 'rate').replace('nn.Linear(4, 3)', 'net()')}`;
    const unit = readUnit(text, counting);
    expect(unit.unread).toEqual([]);
    expect(unit.optimizer?.learningRate.value).toBe(0.1);
    expect(unit.batches?.batchSize?.value).toBe(16);
    expect(unit.loop?.epochs.value).toBe(5);
    expect(unit.optimizer?.learningRate.place.path).toBe('/project/pkg/conf.py');
    expect([...asked].sort()).toEqual(['/project/deep/down/net.py', '/project/pkg/__init__.py', '/project/pkg/conf.py']);
  });

  it('know their own folder', () => {
    const files = {
      '/project/src/data.py':
        "import os\nimport pandas as pd\ndef load():\n    return pd.read_csv(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'data', 'rows.csv'))\n",
    };
    const text = `import torch
from src.data import load
df = load()
x = torch.tensor(df[['a', 'b']].values, dtype=torch.float32)
y = torch.tensor(df[['c']].values, dtype=torch.float32)
model = torch.nn.Linear(2, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    loss = ((model(x) - y) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
`;
    const step = read(text, files).experiments[0]?.data.steps[0];
    expect(step?.kind === 'readCsv' && step.arguments.path).toBe('data/rows.csv');
  });
});
