import { describe, expect, it } from 'vitest';
import { readUnit, shapeOfModel, textAt } from './reading';

const script = (
  configure: string,
  trainer: string,
  { root = 'pytorch_lightning', fit = 'model, loader' } = {},
): string => `import ${root} as pl
import torch
from sklearn.datasets import load_iris
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
X, y = load_iris(return_X_y=True)
loader = DataLoader(TensorDataset(torch.tensor(X).float(), torch.tensor(y)), batch_size=16, shuffle=True)
class Model(pl.LightningModule):
    def __init__(self, width=8, lr=0.05):
        super().__init__()
        self.save_hyperparameters(ignore=['width'])
        self.net = nn.Sequential(nn.Linear(4, width), nn.Tanh(), nn.Linear(width, 3))
        self.loss = nn.CrossEntropyLoss()
    def forward(self, x):
        return self.net(x)
    def training_step(self, batch, batch_idx):
        x, y = batch
        loss = self.loss(self(x), y)
        self.log('loss', loss)
        return {'loss': loss}
    def validation_step(self, batch, batch_idx):
        x, y = batch
        self.log('val_loss', self.loss(self(x), y))
    def configure_optimizers(self):
        optimizer = torch.optim.SGD(self.parameters(), lr=self.hparams.lr)
        ${configure}
model = Model()
trainer = pl.Trainer(${trainer})
trainer.fit(${fit})
`;

const cosine = 'torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=40)';

describe('a Lightning module', () => {
  it.each(['pytorch_lightning', 'lightning', 'lightning.pytorch'])('is read from %s', (root) => {
    const text = script('return optimizer', 'max_epochs=7', { root });
    const unit = readUnit(text);
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toBe('input linear(0) tanh(1) linear(2) | target crossEntropy(3,4)');
    expect(unit.optimizer).toMatchObject({ kind: 'sgd', learningRate: { value: 0.05 } });
    expect(textAt(text, unit.optimizer?.learningRate.place)).toBe('0.05');
    expect(unit.model?.parameters.map(({ name }) => name)).toEqual(['net.0.weight', 'net.0.bias', 'net.2.weight', 'net.2.bias']);
    expect(unit.loop).toMatchObject({ epochs: { value: 7 }, zeroGrad: { when: 'everyStep' }, accumulation: 1 });
    expect(unit.batches).toMatchObject({ batchSize: { value: 16 }, shuffle: { value: true } });
  });

  it.each([
    [`return [optimizer], [${cosine}]`, 'epoch'],
    [`return {'optimizer': optimizer, 'lr_scheduler': ${cosine}}`, 'epoch'],
    [`return {'optimizer': optimizer, 'lr_scheduler': {'scheduler': ${cosine}, 'interval': 'step'}}`, 'batch'],
    [`return [optimizer], [{'scheduler': ${cosine}, 'interval': 'step'}]`, 'batch'],
  ])('may give a schedule: %s', (configure, per) => {
    const { schedules, unread } = readUnit(script(configure, 'max_epochs=2'));
    expect(unread).toEqual([]);
    expect(schedules).toMatchObject([{ rule: { kind: 'cosine', period: 40 }, per, stepCall: expect.anything() as unknown }]);
  });

  it('is evaluated on the rows of its validation', () => {
    const { validation, loop } = readUnit(
      script('return optimizer', 'max_epochs=2', {
        fit: 'model, loader, DataLoader(TensorDataset(torch.tensor(X[:30]).float(), torch.tensor(y[:30])))',
      }),
    );
    expect(validation?.inputs.length).toBe(1);
    expect(loop?.evaluation).toMatchObject({ evalMode: true, noGrad: true, trainModeRestored: true, per: 'epoch' });
  });
});

describe('a Lightning trainer', () => {
  it('clips, and sums batches up', () => {
    const { loop, model } = readUnit(
      script('return optimizer', 'max_epochs=2, gradient_clip_val=0.5, accumulate_grad_batches=4'),
    );
    expect(loop).toMatchObject({ clipping: { kind: 'norm', limit: { value: 0.5 } }, accumulation: 4, pace: { last: true } });
    expect(model?.nodes.at(-1)?.kind).toBe('divide');
  });

  it('trains for 1,000 epochs when nothing is said', () => {
    expect(readUnit(script('return optimizer', '')).loop?.epochs.value).toBe(1000);
  });

  it.each([
    ['return optimizer', 'max_epochs=2, limit_train_batches=0.5', '`limit_train_batches` is not followed'],
    ['return [optimizer, optimizer]', 'max_epochs=1', 'Several optimizers of one Lightning module are not read'],
  ])('says what it does not follow: %s, %s', (configure, trainer, text) => {
    expect(readUnit(script(configure, trainer)).unread[0]?.text).toBe(text);
  });
});

describe('the trainer that a module sees', () => {
  const total = `return {"optimizer": optimizer, "lr_scheduler": {"scheduler": torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, self.trainer.estimated_stepping_batches), "interval": "step"}}`;

  it('knows how many steps there will be', () => {
    const unit = readUnit(script(total, 'max_epochs=7'));
    expect(unit.unread).toEqual([]);
    // 150 rows in batches of 16, ten an epoch.
    expect(unit.schedules[0]?.rule).toMatchObject({ kind: 'oneCycle', totalSteps: 70 });
  });

  it('but not with gradients that are summed', () => {
    expect(readUnit(script(total, 'max_epochs=7, accumulate_grad_batches=3')).unread).not.toEqual([]);
  });
});
