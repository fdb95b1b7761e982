import { describe, expect, it } from 'vitest';
import { loopOf, made, net, plain, stepAt, unitOf } from './loopScripts';
import { read, shapeOfModel } from './reading';

describe('evaluation and the end of training', () => {
  it('reads two phases of an epoch', () => {
    const body = `import copy, time
schedules = {}
optimizer_ft = optim.SGD(model.parameters(), lr=0.001, momentum=0.9)
step_lr = optim.lr_scheduler.StepLR(optimizer_ft, step_size=7, gamma=0.1)
dataloaders = {'train': loader, 'val': held}
sizes = {k: len(v.dataset) for k, v in dataloaders.items()}
def train_model(model, criterion, optimizer, scheduler, num_epochs=25):
    since = time.time()
    best, best_acc = copy.deepcopy(model.state_dict()), 0.0
    for epoch in range(num_epochs):
        for phase in ['train', 'val']:
            if phase == 'train':
                model.train()
            else:
                model.eval()
            right = 0
            for inputs, labels in dataloaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == 'train'):
                    outputs = model(inputs)
                    _, preds = torch.max(outputs, 1)
                    loss = criterion(outputs, labels)
                    if phase == 'train':
                        loss.backward()
                        optimizer.step()
                right += torch.sum(preds == labels.data)
            if phase == 'train':
                scheduler.step()
            acc = right.double() / sizes[phase]
            if phase == 'val' and acc > best_acc:
                best_acc = acc
                best = copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return model
model = train_model(model, criterion, optimizer_ft, step_lr, num_epochs=5)
`;
    const unit = unitOf(body);
    expect(unit.unread).toEqual([]);
    expect(unit.assumptions).toEqual([]);
    expect(shapeOfModel(unit)).toBe(net);
    expect(unit.loop?.epochs.value).toBe(5);
    expect(unit.loop?.evaluation).toMatchObject({ evalMode: true, noGrad: true, trainModeRestored: true, per: 'epoch' });
    expect(unit.schedules).toMatchObject([{ per: 'epoch', rule: { kind: 'step', stepSize: 7 } }]);
    expect(unit.validation).not.toBeNull();
  });

  it('reads a trainer class that trains inside a comprehension', () => {
    const body = `class Trainer:
    def __init__(self, model, train_loader, val_loader, config):
        self.model = model.to(config['device'])
        self.loaders = train_loader, val_loader
        self.optimizer = self.configure()
        self.history = {'train': [], 'val': []}
    def configure(self):
        return optim.Adam(self.model.parameters(), lr=1e-3)
    def train_step(self, batch):
        xb, yb = [t.to('cpu') for t in batch]
        self.optimizer.zero_grad()
        loss = criterion(self.model(xb), yb)
        loss.backward()
        self.optimizer.step()
        return loss.item()
    def train_epoch(self):
        self.model.train()
        losses = [self.train_step(batch) for batch in self.loaders[0]]
        return sum(losses) / len(losses)
    @torch.no_grad()
    def validate(self):
        self.model.eval()
        return sum((self.model(xb).argmax(1) == yb).sum().item() for xb, yb in self.loaders[1])
    def fit(self, epochs):
        for epoch in range(epochs):
            self.history['train'].append(self.train_epoch())
            self.history['val'].append(self.validate())
Trainer(model, loader, held, {'device': 'cpu'}).fit(3)
`;
    expect(loopOf(body)).toEqual(plain);
    expect(unitOf(body).loop?.evaluation).toMatchObject({ evalMode: true, noGrad: true, trainModeRestored: true, per: 'epoch' });
  });

  it.each([
    [
      'a counter',
      `waited, best, patience = 0, 1e9, 5`,
      `    if total < best:\n        best, waited = total, 0\n    else:\n        waited += 1\n        if waited >= patience:\n            break\n`,
    ],
    [
      'a class',
      `class Stopper:
    def __init__(self, patience=7):
        self.patience, self.counter, self.best, self.stop = patience, 0, None, False
    def __call__(self, loss):
        if self.best is None or loss < self.best:
            self.best, self.counter = loss, 0
        else:
            self.counter += 1
            if self.counter >= self.patience:
                self.stop = True
stopper = Stopper(patience=5)`,
      '    stopper(total)\n    if stopper.stop:\n        break\n',
    ],
  ])('notes early stopping with %s', (_, before, after) => {
    const body = `${made}${before}
for epoch in range(100):
    model.train()
    for xb, yb in loader:
${stepAt('        ')}    model.eval()
    with torch.no_grad():
        total = sum(criterion(model(xb), yb).item() for xb, yb in held)
${after}`;
    const { loop, unread } = unitOf(body);
    expect(unread).toEqual([]);
    expect(loop?.epochs.value).toBe(100);
    expect(loop?.earlyStopping?.patience).toBe(5);
  });

  it('does not take what one way sets for sure', () => {
    const body = `class State:
    def __init__(self):
        self.done = False
state = State()
flags = {'late': False}
fresh = torch.randn(5, 4)
${made}for epoch in range(3):
    for xb, yb in loader:
${stepAt('        ')}    if loss.item() < 0.1:
        state.done = True
        flags['late'] = True
    if state.done or flags['late']:
        break
    model.eval()
    with torch.no_grad():
        right = (model(fresh) > 0).sum()
    model.train()
`;
    // What stands behind the break is read: whether it is reached is not known.
    expect(unitOf(body).loop?.evaluation).toMatchObject({ evalMode: true, trainModeRestored: true });
  });
});

describe('samples of a generator', () => {
  const text = (given: string): string => `import torch
from torch import nn
G, D = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Linear(6, 2)), nn.Linear(2, 1)
optG, optD = torch.optim.Adam(G.parameters()), torch.optim.Adam(D.parameters())
X, fixed = torch.randn(64, 2), torch.randn(9, 4)
bce = nn.BCEWithLogitsLoss()
for epoch in range(3):
    for x in torch.utils.data.DataLoader(X, batch_size=16):
        z = torch.randn(16, 4)
        optD.zero_grad()
        lossD = bce(D(x), torch.ones(16, 1)) + bce(D(G(z).detach()), torch.zeros(16, 1))
        lossD.backward()
        optD.step()
        optG.zero_grad()
        lossG = bce(D(G(${given})), torch.ones(16, 1))
        lossG.backward()
        optG.step()
    with torch.no_grad():
        shown = G(fixed)
`;

  it('are no evaluation, as that of a model of rows is one', () => {
    const evaluation = (given: string): unknown =>
      read(text(given)).experiments.find(({ unit }) => unit.name === 'optG')?.loop?.evaluation;
    expect(evaluation('z')).toBeNull();
    expect(evaluation('x @ torch.ones(2, 4)')).toMatchObject({ evalMode: false });
  });
});

describe('parameter groups', () => {
  it('reads rates and decay for each', () => {
    const body = `decay, rest = [], []
for name, p in model.named_parameters():
    if not p.requires_grad:
        continue
    (rest if p.ndim <= 1 or name.endswith('.bias') else decay).append(p)
opt = optim.AdamW([{'params': decay, 'weight_decay': 0.01}, {'params': rest, 'weight_decay': 0.0, 'lr': 1e-4}], lr=3e-4)
for epoch in range(3):
    for xb, yb in loader:
${stepAt('        ')}`;
    expect(unitOf(body).optimizer?.groups).toMatchObject([
      { parameters: [0, 2], weightDecay: { value: 0.01 } },
      { parameters: [1, 3], weightDecay: { value: 0 }, learningRate: { value: 1e-4 } },
    ]);
  });

  it('leaves frozen layers out', () => {
    const body = `for p in model[0].parameters():
    p.requires_grad = False
opt = optim.Adam(filter(lambda p: p.requires_grad, model.parameters()), lr=3e-4)
for epoch in range(3):
    for xb, yb in loader:
${stepAt('        ')}`;
    const unit = unitOf(body);
    expect(unit.optimizer?.groups).toMatchObject([{ parameters: [2, 3] }]);
    expect(unit.model?.parameters.map((p) => p.trainable)).toEqual([false, false, true, true]);
  });
});
