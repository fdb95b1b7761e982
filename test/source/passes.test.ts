import { describe, expect, it } from 'vitest';
import { head, loopOf, made, net, plain, stepAt, unitOf } from './loopScripts';
import { readUnit, shapeOfModel, textAt } from './reading';

describe('passes over the data', () => {
  it.each([
    [
      'trange, tqdm and enumerate',
      `from tqdm import tqdm, trange\nfor epoch in trange(3, desc='e'):\n    bar = tqdm(enumerate(loader), total=len(loader))\n    for i, (xb, yb) in bar:\n${stepAt('        ')}        bar.set_postfix(loss=loss.item())\n`,
    ],
    [
      'a progress bar as a context',
      `from tqdm import tqdm\nfor epoch in range(3):\n    with tqdm(loader, unit='batch') as bar:\n        for xb, yb in bar:\n            bar.set_description(f'{epoch}')\n${stepAt('            ')}`,
    ],
    ['while with a counter', `epoch = 0\nwhile epoch < 3:\n    for xb, yb in loader:\n${stepAt('        ')}    epoch += 1\n`],
    [
      'a checkpoint that may be there',
      `import os\nfirst = 0\nif os.path.exists('c.pt'):\n    saved = torch.load('c.pt')\n    model.load_state_dict(saved['model'])\n    first = saved['epoch'] + 1\nfor epoch in range(first, 3):\n    for xb, yb in loader:\n${stepAt('        ')}`,
    ],
    [
      'Variable and data in one name',
      `from torch.autograd import Variable\nfor epoch in range(3):\n    for i, data in enumerate(loader, 0):\n        xb, yb = data\n        xb, yb = Variable(xb), Variable(yb)\n${stepAt('        ')}`,
    ],
    [
      'zero_grad at the end, by the model',
      `for epoch in range(3):\n    for xb, yb in loader:\n        loss = criterion(model(xb), yb)\n        loss.backward()\n        opt.step()\n        model.zero_grad(set_to_none=True)\n`,
    ],
    [
      'wrappers that change nothing',
      `device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')\nmodel = torch.compile(nn.DataParallel(model)).to(device, non_blocking=True)\nfor epoch in range(3):\n    for xb, yb in loader:\n        xb, yb = (t.to(device) for t in (xb, yb))\n${stepAt('        ')}`,
    ],
    [
      'accelerate',
      `from accelerate import Accelerator\naccelerator = Accelerator()\nmodel, opt, loader = accelerator.prepare(model, opt, loader)\nfor epoch in range(3):\n    for xb, yb in loader:\n        opt.zero_grad()\n        accelerator.backward(criterion(model(xb), yb))\n        opt.step()\n`,
    ],
    [
      'mixed precision',
      `scaler = torch.amp.GradScaler('cuda')\nfor epoch in range(3):\n    for xb, yb in loader:\n        opt.zero_grad()\n        with torch.autocast(device_type='cuda', dtype=torch.float16):\n            loss = criterion(model(xb), yb)\n        scaler.scale(loss).backward()\n        scaler.unscale_(opt)\n        scaler.step(opt)\n        scaler.update()\n`,
    ],
    [
      'libraries that are not known',
      `import wandb, mylib\nfrom torch.utils.tensorboard import SummaryWriter\nfrom strange import magic, Meter\nwriter, meter = SummaryWriter('runs'), Meter(model, 3)\nmeter.attach(opt)\nfor epoch in range(3):\n    total = 0.0\n    for i, (xb, yb) in enumerate(loader):\n${stepAt('        ')}        total += loss.item()\n        writer.add_scalar('loss', loss.item(), epoch * len(loader) + i)\n        meter.update(loss)\n        if i % 10 == 9:\n            wandb.log({'loss': total / 10, 'lr': opt.param_groups[0]['lr']})\n            total = 0.0\n    magic(epoch)\n    if total < 1:\n        torch.save({'model': model.state_dict()}, 'x.pt')\n`,
    ],
  ])('%s', (_, body) => {
    expect(loopOf(made + body)).toEqual(plain);
    expect(shapeOfModel(unitOf(made + body))).toBe(net);
  });

  it.each([
    [
      'a counter inside two loops',
      `step, most = 0, 50\nwhile True:\n    for xb, yb in loader:\n${stepAt('        ')}        step += 1\n        if step >= most:\n            break\n    if step >= most:\n        break\n`,
    ],
    ['while over steps', `step = 0\nwhile step < 50:\n    for xb, yb in loader:\n${stepAt('        ')}        step += 1\n`],
    [
      'an iterator that begins again',
      `batches = iter(loader)\nfor step in range(50):\n    try:\n        xb, yb = next(batches)\n    except StopIteration:\n        batches = iter(loader)\n        xb, yb = next(batches)\n${stepAt('    ')}`,
    ],
    [
      'a cycle that is left',
      `from itertools import cycle\nfor step, (xb, yb) in enumerate(cycle(loader)):\n    if step >= 50:\n        break\n${stepAt('    ')}`,
    ],
  ])('steps counted by %s', (_, body) => {
    expect(loopOf(made + body)).toEqual({ ...plain, epochs: null, steps: 50 });
  });

  it('spans the whole outer loop', () => {
    const body = `${made}for epoch in range(3):\n    for xb, yb in loader:\n${stepAt('        ')}    print(epoch)\n`;
    const text = head + body;
    const range = readUnit(text).loop?.range;
    expect(textAt(text, range)).toMatch(/^for epoch[^]*print\(epoch\)$/);
  });

  it('takes a fresh iterator in each pass for a fresh draw, and the first batch again for what it is', () => {
    const body = `${made}for step in range(50):\n    xb, yb = next(iter(loader))\n${stepAt('    ')}`;
    expect(unitOf(body).batches).toMatchObject({ sampling: 'replacement', batchSize: { value: 16 } });
    const fixed = (head + body).replace('shuffle=True', 'shuffle=False');
    expect(readUnit(fixed).unread[0]?.text).toBe('This takes the first batch again in each pass');
  });
});

describe('batches made by hand', () => {
  it.each([
    [
      'a permutation and slices',
      'for epoch in range(3):\n    perm = torch.randperm(100)\n    for i in range(0, 100, 20):\n        idx = perm[i:i + 20]\n        xb, yb = x[idx], y[idx]\n',
      true,
    ],
    [
      'rows put into a new order first',
      'for epoch in range(3):\n    order = torch.randperm(len(x))\n    X, Y = x[order], y[order]\n    for b in range(len(x) // 20):\n        start, end = b * 20, (b + 1) * 20\n        xb, yb = X[start:end], Y[start:end]\n',
      true,
    ],
    [
      'a permutation in parts',
      'for epoch in range(3):\n    for idx in torch.randperm(100).split(20):\n        xb, yb = x[idx], y[idx]\n',
      true,
    ],
    ['parts side by side', 'for epoch in range(3):\n    for xb, yb in zip(x.split(20), torch.split(y, 20)):\n', false],
    ['a number of parts', 'for epoch in range(3):\n    for xb, yb in zip(x.chunk(5), y.chunk(5)):\n', false],
    [
      'a list of slices',
      'kept = [(x[i:i + 20], y[i:i + 20]) for i in range(0, 100, 20)]\nfor epoch in range(3):\n    for xb, yb in kept:\n',
      false,
    ],
    [
      'while over rows',
      'for epoch in range(3):\n    i = 0\n    while i < 100:\n        xb, yb = x[i:i + 20], y[i:i + 20]\n        i += 20\n',
      false,
    ],
  ])('%s', (_, body, shuffle) => {
    expect(loopOf(made + body + stepAt('        '))).toEqual({ ...plain, batchSize: 20, shuffle });
  });

  it('does not follow rows and targets in different orders', () => {
    const body = `${made}for epoch in range(3):
    X, Y = x[torch.randperm(100)], y[torch.randperm(100)]
    for i in range(0, 100, 20):
        xb, yb = X[i:i + 20], Y[i:i + 20]
${stepAt('        ')}`;
    expect(unitOf(body).unread[0]?.text).toBe('Not all rows are made into batches in the same way');
  });

  it('reads dictionaries that a dataset gives', () => {
    const body = `${made}class Rows(torch.utils.data.Dataset):
    def __len__(self):
        return len(x)
    def __getitem__(self, i):
        return {'features': x[i], 'label': y[i]}
rows = DataLoader(Rows(), batch_size=8, shuffle=True)
for epoch in range(3):
    for batch in rows:
        xb, yb = batch['features'], batch['label']
${stepAt('        ')}`;
    expect(loopOf(body)).toEqual({ ...plain, batchSize: 8 });
    expect(shapeOfModel(unitOf(body))).toBe(net);
  });

  it.each([
    ['a TensorDataset', 'loader', 7],
    ['a dataset of the script that drops the last batch', 'own', 6],
  ])('counts the batches of %s', (_, name, batches) => {
    const body = `class Rows(torch.utils.data.Dataset):
    def __init__(self, X, Y, transform=None):
        self.X, self.Y, self.transform = X, Y, transform
    def __len__(self):
        return self.X.shape[0]
    def __getitem__(self, i):
        row = self.X[i]
        if self.transform:
            row = self.transform(row)
        return row, self.Y[i]
own = DataLoader(Rows(x, y), batch_size=16, shuffle=True, drop_last=True)
${made}schedule = optim.lr_scheduler.OneCycleLR(opt, max_lr=0.1, steps_per_epoch=len(${name}), epochs=3)
for epoch in range(3):
    for xb, yb in ${name}:
${stepAt('        ')}        schedule.step()
`;
    const unit = unitOf(body);
    expect(unit.unread).toEqual([]);
    expect(unit.schedules[0]).toMatchObject({ per: 'batch', rule: { kind: 'oneCycle', totalSteps: 3 * batches } });
  });
});
