import { describe, expect, test } from 'vitest';
import { estimateCost } from '../../src/engine/cost';
import type { Experiment } from '../../src/records/experiment';
import {
  dataset,
  experiment,
  here,
  loop,
  minibatches,
  ModelBuilder,
  optimizer,
  perceptron,
  plainCrossEntropy,
  sourced,
} from './experiments';
import { normalTensor, reasonOf, separableClasses, twinOf } from './twins';

const x = normalTensor([41, 4], 1);
const classes = dataset(x, separableClasses(x));
const numbers = dataset(x, normalTensor([41], 2));
const perceptronOf = (sizes: readonly number[], parts: Partial<Parameters<typeof experiment>[0]> = {}): Experiment =>
  experiment({ model: perceptron(sizes, 'relu', 'crossEntropy'), optimizer: optimizer('sgd', 0.1, 4), ...parts });

function batchNormNet(): Experiment {
  const model = new ModelBuilder();
  const out = model.linear(model.batchNorm(model.linear(model.input(), 'a', 4, 6), 'bn', 6), 'b', 6, 3);
  const built = model.finish(out, model.call('crossEntropy', [out, model.beginLoss()], plainCrossEntropy));
  return experiment({ model: built, optimizer: optimizer('sgd', 0.1, 6), batches: minibatches(8) });
}

const words = { shape: [41], values: Int32Array.from({ length: 41 }, (_, i) => i % 8) };

function embeddingNet(): Experiment {
  const model = new ModelBuilder();
  const weight = model.parameter('words.weight', [7, 4], { kind: 'normal', mean: 0, deviation: 1 });
  const vectors = model.call('embedding', [model.input()], { count: 7, dimension: 4 }, { name: 'words', parameters: { weight } });
  const out = model.linear(vectors, 'head', 4, 3);
  const built = model.finish(out, model.call('crossEntropy', [out, model.beginLoss()], plainCrossEntropy));
  return experiment({ model: built, optimizer: optimizer('sgd', 0.1, 3) });
}

describe('what does not fit is told at its place', () => {
  test.each<[string, Experiment, typeof classes, string]>([
    ['a wrong width', perceptronOf([5, 8, 3]), classes, "Linear 'net.0' expects 5 columns, the input has 4."],
    [
      'too few outputs',
      perceptronOf([4, 8, 2]),
      classes,
      'The target holds the class number 2, the model has 2 outputs (0 to 1).',
    ],
    ['numbers for classes', perceptronOf([4, 8, 3]), numbers, "'crossEntropy 5' gets floating-point targets of shape [41]"],
    [
      'a last batch of one row before batch norm',
      batchNormNet(),
      classes,
      'In the last batch of an epoch (1 of 8 rows): BatchNorm',
    ],
    [
      'a word that an embedding lacks',
      embeddingNet(),
      dataset(words, separableClasses(x)),
      "The input holds the number 7, embedding 'words' has 7 rows.",
    ],
    [
      'more accumulation than batches',
      perceptronOf([4, 8, 3], { loop: loop({ accumulation: 2 }) }),
      classes,
      'no step is ever taken',
    ],
    [
      'dropped batches',
      perceptronOf([4, 8, 3], { batches: minibatches(64, { dropLast: true }) }),
      classes,
      'A batch of 64 rows with drop_last leaves no batch of 41 rows.',
    ],
    [
      'batches of no rows',
      perceptronOf([4, 8, 3], { batches: minibatches(0) }),
      classes,
      'A batch of 0 rows cannot be made: the batch size is a whole number from 1 on.',
    ],
    [
      'no epochs',
      perceptronOf([4, 8, 3], { loop: loop({ epochs: sourced(0) }) }),
      classes,
      'The training has no pass: no step is ever taken.',
    ],
    [
      'an unread part',
      { ...perceptronOf([4, 8, 3]), unread: [{ text: 'Unknown layer Foo.', range: here }] },
      classes,
      'Unknown layer Foo.',
    ],
    ['a missing optimizer', { ...perceptronOf([4, 8, 3]), optimizer: null }, classes, 'The optimizer could not be read.'],
    [
      'nothing to train',
      perceptronOf([4, 8, 3], { optimizer: optimizer('sgd', 0.1, 4, {}, { groups: [{ parameters: [] }] }) }),
      classes,
      'No parameter that the loss depends on is given to the optimizer.',
    ],
  ])('%s', async (_, unit, data, text) => {
    expect(await reasonOf(unit, data)).toContain(text);
  });

  test('a changed batch size that cannot run is told before it is started', async () => {
    const twin = await twinOf({ ...batchNormNet(), batches: minibatches(41) }, classes);
    expect(twin.check({ batchSize: 10 })?.text).toContain("BatchNorm 'bn' gets a batch of a single row");
    expect(twin.check({ batchSize: 12 })).toBeNull();
  });
});

describe('a twin', () => {
  test('counts parameters, steps and operations', async () => {
    const twin = await twinOf(perceptronOf([4, 8, 3], { batches: minibatches(10), loop: loop({ epochs: sourced(7) }) }), classes);
    expect(twin.dim).toBe(4 * 8 + 8 + 8 * 3 + 3);
    expect(twin.parameters.map(({ name, offset }) => [name, offset])).toEqual([
      ['net.0.weight', 0],
      ['net.0.bias', 32],
      ['net.2.weight', 40],
      ['net.2.bias', 64],
    ]);
    expect([twin.stepsPerEpoch, twin.totalSteps]).toEqual([5, 35]);
    // Forward, and both halves of backward but for the gradient by the input.
    const products = 2 * 10 * (2 * (4 * 8 + 8 * 3) + 8 * 3);
    expect(twin.flopsPerStep).toBeGreaterThan(products);
    expect(twin.flopsPerStep).toBeLessThan(3 * products);
  });

  test('is estimated without being built', async () => {
    const unit = perceptronOf([4, 8, 3], { batches: minibatches(10) });
    const cost = estimateCost(unit, classes);
    if (!cost.ok) throw new Error(cost.error.text);
    const twin = await twinOf(unit, classes);
    expect(cost.value.parameters).toBe(twin.dim);
    // Not knowing the targets, the estimate asks each row whether it is of the ignored class.
    expect(cost.value.flopsPerStep).toBeGreaterThanOrEqual(twin.flopsPerStep);
    expect(cost.value.flopsPerStep).toBeLessThan(1.03 * twin.flopsPerStep);
    const huge = estimateCost(perceptronOf([4, 50_000, 3]), classes);
    expect(huge.ok && huge.value.bytes).toBeGreaterThan(4 * 41 * 50_000);
  });

  test('leaves parameters alone that the optimizer does not hold', async () => {
    const groups = [{ parameters: [2, 3] }];
    const twin = await twinOf(perceptronOf([4, 8, 3], { optimizer: optimizer('sgd', 0.1, 4, {}, { groups }) }), classes);
    expect(twin.parameters.map(({ name }) => name)).toEqual(['net.2.weight', 'net.2.bias']);
    expect(twin.dim).toBe(27);
  });
});
