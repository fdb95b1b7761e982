import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { never } from '../../src/base/cancel';
import { buildTwin } from '../../src/engine/build';
import { estimateCost } from '../../src/engine/cost';
import type { Experiment } from '../../src/records/experiment';
import type { Dataset } from '../../src/records/dataset';
import type { Twin } from '../../src/engine/twin';
import {
  dataset,
  experiment,
  fullBatch,
  meanSquaredError,
  minibatches,
  ModelBuilder,
  optimizer,
  perceptron,
  plainCrossEntropy,
} from './experiments';
import { columnOf, normalTensor, relativeDistance, runtime, separableClasses, twinOf } from './twins';

const x = normalTensor([50, 4], 1);
const classes = dataset(x, separableClasses(x));
const numbers = dataset(x, normalTensor([50, 3], 2));

const sgd = (count: number): Experiment['optimizer'] => optimizer('sgd', 0.2, count, { momentum: 0.9 });
const unitOf = (model: Experiment['model'], batches = fullBatch): Experiment =>
  experiment({ model: model as NonNullable<typeof model>, optimizer: sgd(model?.parameters.length ?? 0) as never, batches });

/** Two linear layers with what `between` puts between them, and what `lossOf` makes of their result. */
function net(
  between: (model: ModelBuilder, hidden: number) => number,
  lossOf: (model: ModelBuilder, output: number, target: number) => number,
): Experiment['model'] {
  const model = new ModelBuilder();
  const hidden = model.linear(model.input(), 'net.0', 4, 8);
  const output = model.linear(between(model, hidden), 'net.2', 8, 3);
  return model.finish(output, lossOf(model, output, model.beginLoss()));
}

const tanh = (model: ModelBuilder, hidden: number): number => model.call('tanh', [hidden], {});
const crossEntropy =
  (settings: { readonly ignoreIndex?: number } | { readonly reduction: 'sum' } | { readonly weight: readonly number[] } = {}) =>
  (model: ModelBuilder, output: number, target: number): number =>
    model.call('crossEntropy', [output, target], { ...plainCrossEntropy, ...settings } as never);

/** Built so that a step on all rows would take too much memory. */
async function tight(unit: Experiment, data: Dataset): Promise<Twin> {
  const built = await buildTwin(unit, data, runtime, { mostBytes: 9_000 });
  if (!built.ok) throw new Error(built.error.text);
  return built.value;
}

const splittable: readonly (readonly [string, Experiment, Dataset])[] = [
  ['the mean over all rows', unitOf(perceptron([4, 8, 3], 'tanh', 'crossEntropy')), classes],
  ['a sum over all rows', unitOf(net(tanh, crossEntropy({ reduction: 'sum' }))), classes],
  ['a mean over class weights', unitOf(net(tanh, crossEntropy({ weight: [1, 2, 3] }))), classes],
  ['a mean over the rows that count', unitOf(net(tanh, crossEntropy({ ignoreIndex: 1 }))), classes],
  ['batches whose last one is small', unitOf(perceptron([4, 8, 3], 'relu', 'mse'), minibatches(37)), numbers],
  [
    'dropout, whose masks are those of the whole',
    unitOf(net((model, h) => model.call('dropout', [tanh(model, h)], { p: 0.4, call: 0 }), crossEntropy())),
    classes,
  ],
  [
    'normalised layers',
    unitOf(
      net(
        (model, h) => model.call('tanh', [model.call('softmax', [h], { axis: 1 } as never)], {}),
        (model, output, target) => model.call('mse', [output, target], meanSquaredError),
      ),
    ),
    numbers,
  ],
];

const coupled: readonly (readonly [string, Experiment, Dataset])[] = [
  ['batch norm', unitOf(net((model, h) => model.batchNorm(h, 'norm', 8), crossEntropy())), classes],
  [
    'batch norm that tracks nothing',
    unitOf(net((model, h) => model.batchNorm(h, 'norm', 8, { trackStatistics: false }), crossEntropy())),
    classes,
  ],
  [
    'the root of a mean',
    unitOf(net(tanh, (model, output, target) => model.call('sqrt', [model.call('mse', [output, target], meanSquaredError)], {}))),
    numbers,
  ],
  ['softmax over the rows', unitOf(net((model, h) => model.call('softmax', [h], { axis: 0 } as never), crossEntropy())), classes],
];

describe('a batch that does not fit', () => {
  test.each(splittable)('goes through in parts: %s', async (_, unit, data) => {
    const whole = await twinOf(unit, data);
    const parted = await tight(unit, data);
    expect(whole.partRows).toBeNull();
    expect(parted.partRows).toBeGreaterThan(0);
    expect(parted.partRows).toBeLessThan(37);
    expect(parted.flopsPerStep).toBe(whole.flopsPerStep);
    const [a, b] = [whole.start(3), parted.start(3)];
    const [first, second] = [await a.advance(8, never), await b.advance(8, never)];
    for (const quantity of ['loss', 'gradientNorm', 'updateRatio'] as const) {
      const wanted = columnOf(first.columns, quantity);
      expect(wanted).toHaveLength(8);
      expect(relativeDistance(columnOf(second.columns, quantity), wanted)).toBeLessThan(2e-5);
    }
    expect(relativeDistance(b.theta, a.theta)).toBeLessThan(2e-5);
  });

  test.each(coupled)('stays whole where its rows depend on one another: %s', async (_, unit, data) => {
    expect((await tight(unit, data)).partRows).toBeNull();
    const cost = estimateCost(unit, data, 9_000);
    expect(cost.ok && cost.value).toMatchObject({ partRows: null });
  });

  test('is as large in the estimate as in what is built', async () => {
    const [, unit, data] = splittable[0] ?? [];
    if (unit === undefined || data === undefined) throw new Error('no case');
    const cost = estimateCost(unit, data, 9_000);
    if (!cost.ok) throw new Error(cost.error.text);
    expect(cost.value.bytes).toBeGreaterThan(9_000);
    expect(cost.value.partRows).toBe((await tight(unit, data)).partRows);
  });

  test('draws the masks that the whole draws', async () => {
    const found = splittable.find(([name]) => name.startsWith('dropout'));
    if (found === undefined) throw new Error('no case');
    const masksOf = async (twin: Twin): Promise<[string, Uint8Array][]> =>
      Object.entries(unzipSync(await twin.trace({ steps: 2, seed: 5, cancel: never }))).filter(([name]) =>
        name.startsWith('dropout'),
      );
    const wanted = await masksOf(await twinOf(found[1], found[2]));
    expect(wanted).toHaveLength(2);
    expect(await masksOf(await tight(found[1], found[2]))).toEqual(wanted);
  });
});
