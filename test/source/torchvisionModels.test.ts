import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readUnit, textAt } from './reading';

interface Reference {
  readonly parameters: number;
  readonly tensors: number;
  readonly md5: string;
}

const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'reference', 'torchvision_models.json'), 'utf8')) as Readonly<
  Record<string, Reference>
>;

const script = (model: string, edits = '', optimized = 'model.parameters()'): string => `import torch
from torch import nn
from torchvision import models
X = torch.randn(16, 3, 64, 64)
y = torch.randint(0, 10, (16,))
model = models.${model}
${edits}
optimizer = torch.optim.SGD(${optimized}, lr=0.1)
for epoch in range(3):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(X), y)
    loss.backward()
    optimizer.step()
`;

it('tells the size of a model that is not built, and still reads the rate', () => {
  const text = script('densenet121(weights=None)');
  const unit = readUnit(text);
  const reason = unit.unread.find(({ text: why }) => why.includes('too big to train here'));
  expect(reason?.text).toContain('8 M parameters');
  expect(textAt(text, reason?.range)).toBe('models.densenet121(weights=None)');
  expect(unit.optimizer?.learningRate.value).toBe(0.1);
});

describe('the catalogue is built as torchvision builds it', () => {
  it.each(Object.entries(reference))('%s', (name, wanted) => {
    const { model, unread } = readUnit(script(`${name}()`));
    const parameters = model?.parameters ?? [];
    const lines = parameters.map(({ name: key, shape }) => `${key} ${shape.join()}`).sort();
    expect(unread).toEqual([]);
    expect(lines.length).toBe(wanted.tensors);
    expect(parameters.reduce((sum, { shape }) => sum + shape.reduce<number>((n, size) => n * Number(size), 1), 0)).toBe(
      wanted.parameters,
    );
    expect(createHash('md5').update(lines.join('\n')).digest('hex')).toBe(wanted.md5);
  });
});

describe('a model of the catalogue that the script changes', () => {
  it('has a new head over frozen weights', () => {
    const edits = 'for p in model.parameters():\n    p.requires_grad = False\nmodel.fc = nn.Linear(model.fc.in_features, 10)';
    const { model, optimizer } = readUnit(script('resnet50()', edits, 'model.fc.parameters()'));
    const free = model?.parameters.filter(({ trainable }) => trainable).map(({ name, shape }) => `${name} ${shape.join()}`);
    expect(free).toEqual(['fc.weight 10,2048', 'fc.bias 10']);
    expect(optimizer?.groups.map(({ parameters }) => parameters.map((i) => model?.parameters[i]?.name))).toEqual([
      ['fc.weight', 'fc.bias'],
    ]);
  });

  it('has a layer of a sequence replaced', () => {
    const { model } = readUnit(script('vgg16_bn(num_classes=100)', 'model.classifier[6] = nn.Linear(4096, 10)'));
    expect(model?.parameters.filter(({ name }) => name.startsWith('classifier.6')).map(({ shape }) => shape)).toEqual([
      [10, 4096],
      [10],
    ]);
  });

  it('starts from initialisations of its own', () => {
    const { model } = readUnit(script('mobilenet_v2()'));
    const of = (name: string) => model?.parameters.find((p) => p.name === name);
    expect(of('features.0.0.weight')?.initializer).toMatchObject({ kind: 'kaimingNormal', mode: 'fanOut' });
    expect(of('classifier.1.weight')?.initializer).toEqual({ kind: 'normal', mean: 0, deviation: 0.01 });
    expect(of('classifier.1.weight')?.isDefault).toBe(true);
  });

  it('is not run when its weights come from the internet', () => {
    const text = script('resnet18(weights="IMAGENET1K_V1")', 'model.fc = nn.Linear(512, 10)');
    const { unread, model } = readUnit(text);
    expect(unread.map(({ text: why }) => why)).toEqual([
      expect.stringMatching(/^The pretrained weights of torchvision's resnet18/),
    ]);
    expect(textAt(text, unread[0]?.range)).toBe('models.resnet18(weights="IMAGENET1K_V1")');
    expect(model?.parameters.find(({ name }) => name === 'fc.weight')?.shape).toEqual([10, 512]);
  });

  it('is not guessed at when an argument is unknown', () => {
    const { unread } = readUnit(script('resnet18(norm_layer=None)'));
    expect(unread[0]?.text).toContain('`norm_layer`');
  });
});
