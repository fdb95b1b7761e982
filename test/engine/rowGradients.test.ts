import { describe, expect, test } from 'vitest';
import { never } from '../../src/base/cancel';
import type { Twin } from '../../src/engine/twin';
import type { Experiment } from '../../src/records/experiment';
import { dataset, experiment, minibatches, ModelBuilder, optimizer, perceptron, plainCrossEntropy } from './experiments';
import { allRows, normalTensor, separableClasses, twinOf } from './twins';

const x = normalTensor([24, 4], 5);
const data = dataset(x, separableClasses(x));
const truthTable = { shape: [24, 4], values: Int32Array.from({ length: 96 }, (_, i) => (i >> (i % 4)) % 2) };
const sentences = { shape: [24, 5], values: Int32Array.from({ length: 120 }, (_, i) => (i * i + (i >> 3)) % 7) };
const words = dataset(sentences, separableClasses(x));

/** Words, 0 of them padding, whose vectors go through a layer at each place and are then averaged. */
function sentenceNet(): Experiment {
  const model = new ModelBuilder();
  const weight = model.parameter('words.weight', [7, 3], { kind: 'normal', mean: 0, deviation: 1 });
  const settings = { count: 7, dimension: 3, padding: 0 };
  const vectors = model.call('embedding', [model.input()], settings, { name: 'words', parameters: { weight } });
  const hidden = model.call('tanh', [model.linear(vectors, 'each', 3, 6)], {});
  const pooled = model.call('mean', [hidden], { axes: [1], keep: false });
  const out = model.linear(pooled, 'head', 6, 3, false);
  const loss = model.call('crossEntropy', [out, model.beginLoss()], plainCrossEntropy);
  return experiment({ model: model.finish(out, loss), optimizer: optimizer('sgd', 0.5, 4), batches: minibatches(8) });
}

const plain = (reduction: 'mse' | 'crossEntropy'): Experiment =>
  experiment({
    model: perceptron([4, 8, 3], 'tanh', reduction),
    optimizer: optimizer('sgd', 0.1, 4),
    batches: minibatches(8),
  });

/** Norms of one row's gradient by the parameters of each layer, from that row's own loss. */
async function alone(twin: Twin, theta: Float32Array, row: number): Promise<Map<string, number>> {
  const objective = twin.objective('train', Int32Array.of(row));
  const gradient = new Float32Array(twin.dim);
  await objective.gradient(theta, gradient);
  objective.dispose();
  const squares = new Map<string, number>();
  for (const { name, offset, length } of twin.parameters) {
    const layer = name.slice(0, name.lastIndexOf('.'));
    const own = gradient.subarray(offset, offset + length).reduce((sum, g) => sum + g * g, 0);
    squares.set(layer, (squares.get(layer) ?? 0) + own);
  }
  return new Map([...squares].map(([layer, square]) => [layer, Math.sqrt(square)]));
}

describe("norms of the rows' own gradients", () => {
  test.each([
    ['linear layers', plain('crossEntropy'), data, ['net.0', 'net.2']],
    ['rows of whole numbers', plain('crossEntropy'), dataset(truthTable, separableClasses(x)), ['net.0', 'net.2']],
    ['a mean over rows and outputs', plain('mse'), dataset(x, normalTensor([24, 3], 7)), ['net.0', 'net.2']],
    ['an embedding, and a layer at each place of a row', sentenceNet(), words, ['words', 'each', 'head']],
  ])('are those of the losses of single rows: %s', async (_, unit, rows, layers) => {
    const twin = await twinOf(unit, rows);
    const run = twin.start(0);
    await run.advance(10, never);
    const measured = (await twin.objective('train', allRows(24)).observe(run.theta, { rowGradients: true })).rowGradients;
    expect(measured.map(({ name }) => name)).toEqual(layers);
    for (let row = 0; row < 24; row++) {
      const expected = await alone(twin, run.theta, row);
      for (const { name, norms } of measured) {
        const own = expected.get(name) as number;
        expect(Math.abs((norms[row] as number) - own), `${name}, row ${row}`).toBeLessThan(1e-4 * own + 1e-7);
      }
    }
    twin.dispose();
  });

  test('are not told where rows share the statistics of a batch', async () => {
    const model = new ModelBuilder();
    const first = model.batchNorm(model.linear(model.input(), '0', 4, 8), '1', 8);
    const out = model.linear(model.call('relu', [first], {}), '3', 8, 3);
    const loss = model.call('crossEntropy', [out, model.beginLoss()], plainCrossEntropy);
    const twin = await twinOf(experiment({ model: model.finish(out, loss), optimizer: optimizer('sgd', 0.1, 6) }), data);
    const run = twin.start(0);
    const seenIn = async (batchNorm: 'train' | 'eval') =>
      (await twin.objective('train', allRows(24), { batchNorm }).observe(run.theta, { rowGradients: true })).rowGradients;
    expect(await seenIn('train')).toEqual([]);
    expect(await seenIn('eval')).toHaveLength(2);
    twin.dispose();
  });
});
