import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../src/records/experiment';
import { read, shapeOfData, shapeOfModel, textAt } from './reading';

interface Expected {
  readonly model: string;
  readonly data?: string;
  readonly rate: readonly [value: number, place: string];
  readonly optimizer: string;
  readonly epochs: number;
  readonly batch: number | null;
  readonly validation: boolean;
  readonly also?: (unit: Experiment, text: string) => void;
}

const scripts: Readonly<Record<string, readonly Expected[]>> = {
  mnist_convolutions: [
    {
      model:
        'input conv2d(0) relu(1) conv2d(2) relu(3) maxPool2d(4) dropout(5) flatten(6) linear(7) relu(8) dropout(9) linear(10) logSoftmax(11) | target nll(12,13)',
      rate: [1, '1.0'],
      optimizer: 'sgd',
      epochs: 14,
      batch: 64,
      validation: true,
      also: (unit) => {
        expect(unit.schedules).toMatchObject([{ rule: { kind: 'step', stepSize: 1, gamma: 0.7 }, per: 'epoch' }]);
        expect(unit.seed?.value).toBe(1);
        expect(unit.model?.parameters.find((p) => p.name === 'fc1.weight')?.shape).toEqual([128, 9216]);
      },
    },
  ],
  linear_from_scratch: [
    {
      model:
        'parameter parameter input matmul(2,0) add(3,1) | target reshape(5) subtract(4,6) power(7) constant divide(8,9) sum(10) constant multiply(11,12)',
      rate: [0.03, '0.03'],
      optimizer: 'sgd',
      epochs: 3,
      batch: 10,
      validation: false,
      also: (unit) => {
        expect(unit.batches?.shuffle.value).toBe(true);
        expect(unit.model?.parameters.map((p) => p.initializer)).toEqual([
          { kind: 'normal', mean: 0, deviation: 0.01 },
          { kind: 'constant', value: 0 },
        ]);
        // The gradient is divided by the rows of a batch: so is the loss.
        expect(unit.model?.nodes[12]?.arguments).toEqual({ value: 0.1 });
        expect(unit.loop?.zeroGrad.when).toBe('everyStep');
      },
    },
  ],
  two_layers_by_hand: [
    {
      model: 'parameter parameter input matmul(2,0) clamp(3) matmul(4,1) | target subtract(5,6) power(7) sum(8)',
      rate: [1e-6, '1e-6'],
      optimizer: 'sgd',
      epochs: 500,
      batch: null,
      validation: false,
    },
  ],
  trainer_class: [
    {
      model: 'input linear(0) relu(1) dropout(2) linear(3) relu(4) dropout(5) linear(6) sigmoid(7) | target bce(8,9)',
      data: 'readCsv() select(0) fillMissing(1) assign(0,2) select(3) fillMissing(4) assign(3,5) select(6) mapValues(7) assign(6,8) dummies(9) dropMissing(10) drop(11) select(11) trainTestSplit(12,13,13) part(14) part(14) part(14) part(14) toTensor(15) fitScaler(19) applyScaler(20,19) toTensor(16) applyScaler(20,22) toTensor(17) cast(24) reshape(25) toTensor(18) cast(27) reshape(28)',
      rate: [0.01, '1e-2'],
      optimizer: 'adam',
      epochs: 50,
      batch: 16,
      validation: true,
      also: (unit) => {
        expect(unit.loop?.evaluation).toMatchObject({ evalMode: true, noGrad: true, trainModeRestored: true, per: 'epoch' });
        expect(unit.model?.nodes.filter((n) => n.kind === 'dropout').map((n) => n.arguments)).toEqual([
          { p: 0.2, call: 0 },
          { p: 0.2, call: 1 },
        ]);
      },
    },
  ],
  config_and_schedules: [
    {
      model:
        'input linear(0) relu(1) linear(2) relu(3) add(2,4) linear(5) | parameter parameter parameter parameter parameter parameter target subtract(6,13) power(14) mean(15) power(11) sum(17) power(12) sum(19) power(9) sum(21) power(10) sum(23) power(7) sum(25) power(8) sum(27) add(18,20) add(29,22) add(30,24) add(31,26) add(32,28) constant multiply(34,33) add(16,35)',
      rate: [3e-3, '3e-3'],
      optimizer: 'adamw',
      epochs: 12,
      batch: 64,
      validation: true,
      also: (unit) => {
        expect(unit.schedules.map((s) => [s.rule.kind, s.per])).toEqual([
          ['oneCycle', 'batch'],
          ['reduceOnPlateau', 'epoch'],
        ]);
        expect(unit.model?.parameters[0]?.initializer).toEqual({
          kind: 'kaimingNormal',
          slope: 0,
          mode: 'fanIn',
          nonlinearity: 'relu',
        });
      },
    },
  ],
  autoencoder: [
    {
      model: 'input linear(0) relu(1) linear(2) linear(3) relu(4) linear(5) tanh(6) | target mse(7,8)',
      data: 'readIdx() part(0) unsqueeze(1) literal() divide(2,3) reshape(4)',
      rate: [1e-3, '1e-3'],
      optimizer: 'adam',
      epochs: 20,
      batch: 128,
      validation: false,
      also: (unit) => {
        expect(unit.train?.inputs).toEqual(unit.train?.targets);
      },
    },
  ],
  hand_made_batches: [
    {
      model: 'input linear(0) squeeze(1) | target mse(2,3)',
      rate: [0.01, '0.01'],
      optimizer: 'sgd',
      epochs: 100,
      batch: 32,
      validation: true,
      also: (unit) => {
        expect(unit.batches).toMatchObject({ shuffle: { value: true }, dropLast: true });
      },
    },
  ],
  keras_models: [
    {
      model: 'input linear(0) relu(1) dropout(2) linear(3) | target crossEntropy(4,5)',
      rate: [1e-3, "'adam'"],
      optimizer: 'adam',
      epochs: 5,
      batch: 32,
      validation: true,
      also: (unit) => {
        expect(unit.unit.framework).toBe('keras');
        expect(unit.model?.parameters.map((p) => p.name)).toEqual([
          'dense.weight',
          'dense.bias',
          'dense_1.weight',
          'dense_1.bias',
        ]);
      },
    },
    {
      model: 'input linear(0) tanh(1) batchNorm(2) linear(3) | target unsqueeze(5) bceWithLogits(4,6)',
      rate: [0.5, '0.5'],
      optimizer: 'sgd',
      epochs: 20,
      batch: 16,
      validation: true,
    },
    {
      model: 'input linear(0) relu(1) concatenate(2,0) linear(3) | target unsqueeze(5) mse(4,6)',
      rate: [1e-3, "'rmsprop'"],
      optimizer: 'rmsprop',
      epochs: 3,
      batch: 32,
      validation: false,
    },
  ],
  sklearn_networks: [
    {
      model: 'input linear(0) relu(1) linear(2) relu(3) linear(4) | target reshape(6) cast(7) bceWithLogits(5,8)',
      rate: [0.5, '0.5'],
      optimizer: 'adam',
      epochs: 50,
      batch: 200,
      validation: false,
    },
    {
      model: 'input linear(0) tanh(1) linear(2) | target reshape(4) mse(3,5) constant multiply(6,7)',
      rate: [1e-3, 'MLPRegressor'],
      optimizer: 'sgd',
      epochs: 200,
      batch: 32,
      validation: false,
    },
  ],
};

describe('scripts as people write them', () => {
  it.each(Object.entries(scripts))('%s', (name, expected) => {
    const text = readFileSync(join(import.meta.dirname, 'scripts', `${name}.py`), 'utf8');
    const { experiments, bounded, syntaxErrors } = read(text);
    expect(bounded).toBe(false);
    expect(syntaxErrors).toEqual([]);
    expect(experiments.length).toBe(expected.length);
    experiments.forEach((unit, i) => {
      const want = expected[i] as Expected;
      expect(unit.unread).toEqual([]);
      expect(shapeOfModel(unit)).toBe(want.model);
      if (want.data) expect(shapeOfData(unit)).toBe(want.data);
      expect(unit.optimizer?.kind).toBe(want.optimizer);
      expect(unit.optimizer?.learningRate.value).toBeCloseTo(want.rate[0], 15);
      expect(textAt(text, unit.optimizer?.learningRate.place)).toBe(want.rate[1]);
      expect(unit.loop?.epochs.value).toBe(want.epochs);
      expect(unit.batches?.batchSize?.value ?? null).toBe(want.batch);
      expect(unit.validation !== null).toBe(want.validation);
      expect(unit.parts.read).toBe(unit.parts.total);
      want.also?.(unit, text);
    });
  });
});
