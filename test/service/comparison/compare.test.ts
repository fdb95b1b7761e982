import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CancelSource, never, type CancelToken } from '../../../src/base/cancel';
import { DataCache } from '../../../src/data/cache';
import { createRuntime } from '../../../src/engine/onnx/backend';
import type { CompareResult } from '../../../src/protocol/comparison';
import { agrees } from '../../../src/protocol/comparison';
import type { Comparison } from '../../../src/records/comparison';
import type { GivenValues } from '../../../src/records/given';
import { compareUnit } from '../../../src/service/comparison/compare';
import { openScript, projectOnDisk } from '../../../src/service/scripts';
import { takeTrace } from '../../../src/service/takeTrace';
import { readScript } from '../../../src/source/read';
import { hasTorch, python } from '../../engine/python';
import { parser } from '../../source/reading';

const project = join(import.meta.dirname, '..', '..', '..');
const examples = join(project, 'examples');
const folder = mkdtempSync(join(tmpdir(), 'compare-'));
const outside = mkdtempSync(join(tmpdir(), 'compare-outside-'));
const runtime = createRuntime({ threads: 1 });
const digits = readFileSync(join(examples, 'healthy', 'digits-adam', 'train.py'), 'utf8');
const loop = 'for epoch in range(20):';

afterAll(() => [folder, outside].forEach((path) => rmSync(path, { recursive: true })));

interface Wish {
  readonly interpreter?: string;
  readonly cancel?: CancelToken;
  readonly tell?: (text: string) => void;
  readonly given?: GivenValues;
}

async function prepared(path: string, given?: GivenValues) {
  const script = openScript(path, project);
  if (!script.ok) throw new Error(script.error);
  const { text } = script.value;
  const folders = [dirname(path)];
  const [experiment] = readScript(parser, path, text, projectOnDisk(folders, {}), given).experiments;
  if (!experiment) throw new Error('no unit was read');
  const options = { folders, budgetSeconds: null, off: [], ...(given && { given }) };
  const bundled = join(project, 'media', 'datasets');
  return {
    parameters: { experiment, texts: { [path]: text }, options },
    surroundings: { runtime: await runtime, parser, bundled, cache: new DataCache(2 ** 28) },
  };
}

async function compared(
  path: string,
  { interpreter = python, cancel = never, tell = () => undefined, given }: Wish = {},
): Promise<CompareResult> {
  const { parameters, surroundings } = await prepared(path, given);
  return compareUnit({ ...parameters, interpreter, steps: 20 }, surroundings, ({ text: told }) => tell(told), cancel);
}

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function comparisonOf(result: CompareResult): Comparison {
  if (result.status === 'compared') return result.comparison;
  throw new Error(result.status === 'failed' ? result.failure.text : result.status);
}

const failureOf = (result: CompareResult) => (result.status === 'failed' ? result.failure : null);

describe.skipIf(!hasTorch)('the script in PyTorch', () => {
  test('agrees with the run here, and nothing of it runs or stays after the last step', async () => {
    const marker = join(outside, 'after');
    const keeping = [
      'import os',
      "os.makedirs('out/deep', exist_ok=True)",
      "torch.save(model.state_dict(), 'out/model.pt')",
      `print('{"error": "of the script"}')`,
      "os.system('echo spoken')",
    ];
    const tried = digits
      .slice(digits.indexOf(loop))
      .split('\n')
      .map((line) => `    ${line}`)
      .join('\n');
    const rest = `try:\n${tried}\nfinally:\n    open(${JSON.stringify(marker)}, "w").close()\n`;
    const path = written('writes.py', `${digits.slice(0, digits.indexOf(loop))}${keeping.join('\n')}\n${rest}`);
    const comparison = comparisonOf(await compared(path));
    expect(comparison.steps).toBe(20);
    expect(agrees(comparison)).toBe(true);
    expect(comparison.gaps.loss).toBeLessThan(1e-5);
    expect(comparison.torch).toMatch(/^\d+\.\d+/);
    expect(comparison.notes).toEqual([]);
    expect(existsSync(marker)).toBe(false);
    expect(readdirSync(folder)).toEqual(['writes.py']);
  });

  test('keeps running statistics between the batches of one step', async () => {
    const script = written(
      'accumulates.py',
      `import torch
from torch import nn
from sklearn.datasets import load_wine
x, y = load_wine(return_X_y=True)
x = torch.tensor(x / x.max(0), dtype=torch.float32)
net = nn.Sequential(nn.Linear(13, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 3))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, torch.tensor(y)), batch_size=16, shuffle=True, drop_last=True)
for epoch in range(6):
    for i, (a, b) in enumerate(loader):
        loss = nn.functional.cross_entropy(net(a), b)
        loss.backward()
        if (i + 1) % 2 == 0:
            opt.step()
            opt.zero_grad()
`,
    );
    const comparison = comparisonOf(await compared(script));
    expect(agrees(comparison)).toBe(true);
    expect(comparison.tensors.map(({ name }) => name)).toContain('1.running_var');
  });

  const wine = `import torch
from torch import nn
from sklearn.datasets import load_wine
torch.set_default_dtype(torch.float64)
x, y = load_wine(return_X_y=True)
x, y = torch.tensor(x / x.max(0)), torch.tensor(y)
net = nn.Linear(13, 3).double()
`;

  test('takes a closure that is called several times a step, once a step', async () => {
    const script = written(
      'closure.py',
      `${wine}opt = torch.optim.LBFGS(net.parameters(), lr=0.5, max_iter=4)
def closure():
    opt.zero_grad()
    loss = nn.functional.cross_entropy(net(x), y) + 0.01 * (net.weight ** 2).sum()
    loss.backward()
    return loss
for epoch in range(6):
    opt.step(closure)
`,
    );
    const comparison = comparisonOf(await compared(script));
    expect([comparison.steps, comparison.differences]).toEqual([6, []]);
    expect(comparison.gaps.loss).toBeLessThan(1e-4);
  });

  test('gives each of several losses its own target, drawn ones too', async () => {
    const body = `model = nn.Linear(13, 4)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(20):
    z = model(x)
    loss = nn.functional.mse_loss(z[:, 0], size) + nn.functional.cross_entropy(z[:, 1:], y) + nn.functional.l1_loss(z[:, 0], size)
    opt.zero_grad()
    loss.backward()
    opt.step()
`;
    const own = `${wine.replace(/.*(float64|double).*\n/g, '').replace('.max(0))', '.max(0), dtype=torch.float32)')}size = torch.tensor(y * 0.5 + 1, dtype=torch.float32)\n`;
    const drawn =
      'import torch\nfrom torch import nn\nx, size = torch.randn(60, 13), torch.randn(60)\ny = (x[:, 0] > 0).long()\n';
    for (const [name, rows] of [['own.py', own] as const, ['drawn.py', drawn] as const]) {
      const { steps, differences, notes } = comparisonOf(await compared(written(name, `${rows}${body}`)));
      expect([steps, differences]).toEqual([20, []]);
      expect(notes.filter((note) => note.includes('differs'))).toEqual([]);
    }
  });

  test('follows a plateau of the last batch, and the rate of ASGD that is a step behind', async () => {
    const script = written(
      'plateau.py',
      `import torch
from torch import nn
torch.manual_seed(0)
x = torch.randn(64, 5)
y = (x[:, 0] + x[:, 1] ** 2 > 0.5).long()
net = nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Linear(8, 2))
opt = torch.optim.ASGD(net.parameters(), lr=0.3, lambd=0.01)
sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, factor=0.3, patience=0)
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=16, shuffle=True)
for epoch in range(5):
    for a, b in loader:
        loss = nn.functional.cross_entropy(net(a), b)
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step(loss.item())
`,
    );
    const comparison = comparisonOf(await compared(script));
    expect([comparison.steps, comparison.differences]).toEqual([20, []]);
    expect(comparison.gaps.loss).toBeLessThan(1e-5);
  });

  test('agrees on a softmax with clusters of classes', async () => {
    const script = written(
      'clusters.py',
      `import torch
from torch import nn
x, y = torch.randn(40, 4), torch.randint(0, 12, (40,))
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 8)
        self.out = nn.AdaptiveLogSoftmaxWithLoss(8, 12, [3, 7], div_value=2.0, head_bias=True)
    def forward(self, x, y):
        return self.out(torch.relu(self.body(x)), y)
net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.3)
for epoch in range(20):
    opt.zero_grad()
    net(x, y).loss.backward()
    opt.step()
`,
    );
    const comparison = comparisonOf(await compared(script));
    expect([comparison.steps, comparison.differences]).toEqual([20, []]);
    expect(comparison.gaps.gradients).toBeLessThan(1e-4);
  });

  test('gives a CTC loss its targets and lengths, drawn ones too', async () => {
    const script = written(
      'aligned.py',
      `import torch
from torch import nn
torch.manual_seed(0)
x, y, lengths = torch.randn(32, 6, 3), torch.randint(1, 5, (32, 2)), torch.randint(1, 3, (32,))
net = nn.Linear(3, 5)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y, lengths), batch_size=8)
for epoch in range(5):
    for a, b, n in loader:
        z = net(a).permute(1, 0, 2).log_softmax(2)
        opt.zero_grad()
        nn.CTCLoss()(z, b, torch.full((len(a),), 6), n).backward()
        opt.step()
`,
    );
    const comparison = comparisonOf(await compared(script));
    expect([comparison.steps, comparison.differences]).toEqual([20, []]);
    expect(comparison.gaps.gradients).toBeLessThan(1e-4);
  });

  test('of a script in float64 is run in the type that is trained here', async () => {
    const script = written(
      'double.py',
      `${wine}opt = torch.optim.SGD(net.parameters(), lr=0.5)
for epoch in range(20):
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
`,
    );
    const comparison = comparisonOf(await compared(script));
    expect([comparison.steps, comparison.differences]).toEqual([20, []]);
  });

  test('agrees where dropout masks are drawn, and in a notebook', async () => {
    const at = digits.indexOf('class MLP');
    const cells = ['%matplotlib inline', digits.slice(0, at), digits.slice(at)];
    const code = cells.map((source) => ({ cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null }));
    const notebook = { cells: code, metadata: { language_info: { name: 'python' } }, nbformat: 4, nbformat_minor: 5 };
    const inCells = written('digits.ipynb', JSON.stringify(notebook));
    for (const path of [join(examples, 'healthy', 'dropout', 'train.py'), inCells]) {
      const comparison = comparisonOf(await compared(path));
      expect(comparison.differences, path).toEqual([]);
      expect(comparison.steps, path).toBe(20);
    }
  });

  test('is compared as far as its own rounding lets, where the run diverges', async () => {
    const comparison = comparisonOf(await compared(join(examples, 'faults', 'lr-diverges', 'train.py')));
    expect(comparison.inDouble).toBe(true);
    expect(comparison.differences).toEqual([]);
    expect(comparison.steps).toBeLessThan(20);
    expect(comparison.notes.join()).toContain('magnifies rounding');
  });

  test('is told from the run here when it does something that was not read', async () => {
    const hidden = "setattr(optimizer, 'param_groups', [{**group, 'lr': 0.00105} for group in optimizer.param_groups])\n";
    const comparison = comparisonOf(await compared(written('wrong.py', digits.replace(loop, hidden + loop))));
    expect(comparison.differences[0]).toMatchObject({ kind: 'rate', step: 1 });
    expect(comparison.differences[0]?.gap).toBeCloseTo(0.05 / 1.05, 5);
    expect(comparison.differences.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['loss', 'parameters']));
  });

  test('says at which line it failed', async () => {
    const path = written(
      'fails.py',
      digits.replace('    model.train()\n', '    model.train()\n    import nothing_of_this_name\n'),
    );
    const line = readFileSync(path, 'utf8')
      .split('\n')
      .findIndex((text) => text.includes('nothing_of_this_name'));
    const failure = failureOf(await compared(path));
    expect(failure).toMatchObject({ kind: 'script', line: line + 1 });
    expect(failure?.text).toContain('ModuleNotFoundError');
  });

  test('says that its data or its optimizer are not there', async () => {
    const opening = digits.replace('torch.manual_seed(0)', "torch.manual_seed(0)\nopen('not-here.csv').close()");
    expect(failureOf(await compared(written('data.py', opening)))?.kind).toBe('data');
    const stopping = digits.replace(loop, `getattr(__import__('sys'), 'exit')(0)\n${loop}`);
    expect(failureOf(await compared(written('stops.py', stopping)))?.kind).toBe('optimizer');
  });

  test('is given what only its command line has', async () => {
    const asking = digits
      .replace(
        'torch.manual_seed(0)',
        "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--step-size', type=float, required=True)\nargs = parser.parse_args()\ntorch.manual_seed(0)",
      )
      .replace('lr=1e-3', 'lr=args.step_size');
    const comparison = comparisonOf(await compared(written('asks.py', asking), { given: { step_size: 0.004 } }));
    expect(comparison.differences).toEqual([]);
    expect(comparison.steps).toBe(20);
  });

  test('does not outlive the process that started it', async () => {
    const path = written(
      'sleeps.py',
      digits.replace(loop, `open(${JSON.stringify(join(outside, 'here'))}, 'w').close()\n__import__('time').sleep(600)\n${loop}`),
    );
    const { parameters, surroundings } = await prepared(path);
    const taken = await takeTrace(parameters, surroundings, { steps: 2, seed: 0, cancel: never, toTheEnd: true });
    if (!taken.ok) throw new Error(taken.error.text);
    const { bytes } = taken.value;
    const text = parameters.texts[path];
    const job = {
      bytes: bytes.byteLength,
      script: path,
      text,
      folder,
      kept: [],
      generated: false,
      double: false,
      images: null,
      given: {},
    };
    const child = spawn(python, ['-B', join(project, 'media', 'python', 'compare.py')], { stdio: ['pipe', 'ignore', 'ignore'] });
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    child.stdin.write(`${JSON.stringify(job)}\n`);
    child.stdin.write(bytes);
    await expect.poll(() => existsSync(join(outside, 'here')), { timeout: 30_000 }).toBe(true);
    expect(child.exitCode).toBeNull();
    child.stdin.end();
    expect(await ended).toBe(1);
  });

  test('ends when it is cancelled', async () => {
    const source = new CancelSource();
    const sleeping = digits.replace(loop, `__import__('time').sleep(600)\n${loop}`);
    const tell = (text: string): void => {
      if (text.includes('PyTorch')) setImmediate(() => source.cancel());
    };
    expect(await compared(written('sleeps.py', sleeping), { cancel: source.token, tell })).toEqual({ status: 'cancelled' });
  });
});

describe('without PyTorch', () => {
  test('an interpreter that is not there is told of', async () => {
    const failure = failureOf(await compared(written('plain.py', digits), { interpreter: join(folder, 'no-python') }));
    expect(failure?.kind).toBe('python');
    expect(failure?.text).toContain('cannot be started');
  });

  test('scripts of other frameworks, and those that a trainer runs, are refused without starting Python', async () => {
    const estimator =
      'from sklearn.datasets import load_iris\nfrom sklearn.neural_network import MLPClassifier\nX, y = load_iris(return_X_y=True)\nMLPClassifier(max_iter=5).fit(X, y)\n';
    const interpreter = join(folder, 'no-python');
    expect(failureOf(await compared(written('estimator.py', estimator), { interpreter }))?.kind).toBe('unfit');
    const trainer = `import pytorch_lightning\n${digits}`;
    expect(failureOf(await compared(written('trainer.py', trainer), { interpreter }))?.text).toContain('Lightning');
  });
});
