/** Faults whose repair is an edit of one place: a detached loss, negative biases, an added gradient, a norm over places. */
import { describe, expect, it } from 'vitest';
import { batchNormTinyBatch } from '../../src/diagnosis/rules/batchNormTinyBatch';
import { deadUnits } from '../../src/diagnosis/rules/deadUnits';
import { missingBackward } from '../../src/diagnosis/rules/missingBackward';
import { wrongSign } from '../../src/diagnosis/rules/wrongSign';
import type { LayerSketch } from './evidence';
import {
  applied,
  at,
  chain,
  crossEntropy,
  evidence,
  experiment,
  layer,
  linear,
  loop,
  optimizer,
  over,
  path,
  range,
  relu,
  said,
  trial,
  unrun,
} from './evidence';
import { findingOf, kindOf } from './settle';

describe('a loss that is cut off from the model', () => {
  const text = 'out = net(x).detach()\nloss = criterion(out, y)\nloss.backward()\n';
  const cut = layer('stopGradient', {}, { range: at(text, 'net(x).detach()') });
  const detached = (layers: readonly LayerSketch[]) =>
    experiment({ model: chain(layers, crossEntropy()), loop: loop({ backward: at(text, 'loss.backward()') }) });

  it('is told at backward(), with the place of the cut, and repaired there', () => {
    const e = evidence({ experiment: detached([linear(10, 3), cut]), texts: { [path]: text }, baseline: trial(1) });
    const found = findingOf(missingBackward, e, { 'missing-backward:fix': trial(0.1), unchanged: trial(1) });
    expect(found).toMatchObject({ severity: 'error', range: at(text, 'loss.backward()') });
    expect(found.related).toEqual([{ ...cut.range, message: 'cut off here' }]);
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(text.replace('.detach()', ''));
    expect(found.fixes[0]?.verified).toMatchObject({ helped: true });
  });

  it('is no fault where a layer behind the cut still learns', () => {
    expect(
      kindOf(missingBackward, unrun({ experiment: detached([linear(10, 8), cut, linear(8, 3)]), texts: { [path]: text } })),
    ).toBe('passed');
  });
});

describe('units that negative biases kill', () => {
  const text = 'nn.init.constant_(net[0].bias, -5.0)\n';
  const biased = (value: number) =>
    evidence({
      experiment: experiment({
        model: chain(
          [
            linear(10, 16, {
              bias: {
                initializer: { kind: 'constant', value },
                isDefault: false,
                range: at(text, 'nn.init.constant_(net[0].bias, -5.0)'),
              },
            }),
            relu(),
            linear(16, 3),
          ],
          crossEntropy(),
        ),
      }),
      measurements: { 'dead/net.1': over(0.95), epochLoss: over(1, 0.95) },
      baseline: trial(0.95, { dead: 0.95 }),
      texts: { [path]: text },
    });

  it('are repaired by biases at 0, which is tried', () => {
    const found = findingOf(deadUnits, biased(-5), { 'dead-units:bias': trial(0.1), unchanged: trial(0.95) });
    expect(found.severity).toBe('warning');
    expect(found.related.at(-1)).toMatchObject({
      ...at(text, 'nn.init.constant_(net[0].bias, -5.0)'),
      message: 'the biases start here',
    });
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe('nn.init.zeros_(net[0].bias)\n');
  });

  it('are repaired where a filled tensor is what sets them', () => {
    const filled = 'net[0].bias.data.fill_(-5.)\n';
    const e = biased(-5);
    const model = e.experiment.model;
    const parameters = (model?.parameters ?? []).map((spec) =>
      spec.isDefault ? spec : { ...spec, range: at(filled, filled.trim()) },
    );
    const experimentOf = model === null ? e.experiment : { ...e.experiment, model: { ...model, parameters } };
    const found = findingOf(
      deadUnits,
      { ...e, experiment: experimentOf, texts: { [path]: filled } },
      { 'dead-units:bias': trial(0.1), unchanged: trial(0.95) },
    );
    expect(applied(filled, found.fixes[0]?.edits ?? [])).toBe('net[0].bias.data.fill_(0.0)\n');
  });

  it('are looked for in the rate where the biases are not below 0, or their repair does not help', () => {
    const lower = { 'lr=0.03': trial(0.2, { dead: 0.1 }), unchanged: trial(0.95, { dead: 0.95 }) };
    expect(findingOf(deadUnits, biased(0.1), lower).fixes[0]?.title).toBe('Set the learning rate to 0.03');
    expect(findingOf(deadUnits, biased(-5), { ...lower, 'dead-units:bias': trial(0.94) }).fixes[0]?.title).toBe(
      'Set the learning rate to 0.03',
    );
  });
});

describe('a gradient that is added', () => {
  const text =
    'for i in range(10):\n    loss = criterion(x @ w, y)\n    loss.backward()\n    w.data += 0.1 * w.grad\n    w.data = w.data\n';
  const byHand = experiment({
    optimizer: {
      ...optimizer('sgd', 0.1, {}, { call: at(text, 'w.data += 0.1 * w.grad'), name: at(text, '+=') }),
      maximize: true,
    },
    loop: loop({ range: { path, line: 1, column: 1, endLine: 5, endColumn: 20 } }),
  });

  it('is subtracted instead', () => {
    const script = text.replace('w.data +=', 'w +=');
    const e = evidence({
      experiment: {
        ...byHand,
        optimizer: {
          ...optimizer('sgd', 0.1, {}, { call: at(script, 'w += 0.1 * w.grad'), name: at(script, '+=') }),
          maximize: true,
        },
      },
      texts: { [path]: script },
      baseline: trial(NaN),
    });
    const found = findingOf(wrongSign, e, { 'wrong-sign:fix': trial(0.1), unchanged: trial(NaN) });
    expect(found).toMatchObject({ severity: 'error', range: at(script, '+=') });
    expect(applied(script, found.fixes[0]?.edits ?? [])).toBe(script.replace('+=', '-='));
  });

  it('is told without a repair where the line adds something else', () => {
    expect(findingOf(wrongSign, evidence({ experiment: byHand, texts: { [path]: text } })).fixes).toEqual([]);
  });
});

describe('batch norm over the places of a sequence', () => {
  const norm = layer('batchNorm', {
    features: 4,
    epsilon: 1e-5,
    momentum: 0.1,
    trackStatistics: true,
    dimensions: 1,
  });
  const one = { sampling: 'epochs', batchSize: said(1), shuffle: said(true), dropLast: false, range: range(9) } as const;
  const over1 = (first: LayerSketch) =>
    unrun({ experiment: experiment({ batches: one, model: chain([first, norm, linear(4, 3)], crossEntropy()) }) });

  it('takes a batch of one row, behind a convolution', () => {
    const convolution = layer('conv1d', {
      inChannels: 1,
      outChannels: 4,
      kernel: [3],
      stride: [1],
      padding: [[1, 1]],
      dilation: [1],
      groups: 1,
    } as unknown as LayerSketch<'conv1d'>['arguments']);
    expect(kindOf(batchNormTinyBatch, over1(convolution))).toBe('passed');
  });

  it('does not, behind a layer that gives one number a channel', () => {
    expect(findingOf(batchNormTinyBatch, over1(linear(10, 4))).severity).toBe('error');
  });
});
