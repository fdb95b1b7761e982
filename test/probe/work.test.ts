import { describe, expect, test } from 'vitest';
import { partsAssumption, tooBig } from '../../src/probe/work';
import { dataset, experiment, fullBatch, ModelBuilder, optimizer, perceptron, plainCrossEntropy } from '../engine/experiments';
import { twinOf } from '../engine/twins';

const rows = 60_000;
const many = dataset({ shape: [rows, 1], values: new Float32Array(rows) }, { shape: [rows], values: new Int32Array(rows) });

/** One number into `width` units, whose values are many and whose arithmetic is little; `normalised`: by the batch. */
function wide(width: number, normalised: boolean) {
  const model = new ModelBuilder();
  const first = model.linear(model.input(), 'net.0', 1, width);
  const hidden = model.call('tanh', [normalised ? model.batchNorm(first, 'net.1', width) : first], {});
  const output = model.linear(hidden, 'net.2', width, 2);
  const loss = model.call('crossEntropy', [output, model.beginLoss()], plainCrossEntropy);
  return experiment({
    model: model.finish(output, loss),
    optimizer: optimizer('sgd', 0.1, normalised ? 6 : 4),
    batches: fullBatch,
  });
}

describe('the memory of a step', () => {
  test('refuses a run with its estimate where the rows of a batch depend on one another', () => {
    expect(tooBig(wide(1500, true), many, Infinity)?.text).toMatch(/one step needs about \d+\.\d GB of memory\.$/);
  });

  test('lets a run through whose batches can go in parts', () => {
    expect(tooBig(wide(1500, false), many, Infinity)).toBeNull();
  });

  test('is told of only where a batch goes in parts', async () => {
    const unit = experiment({ model: perceptron([1, 4, 2], 'tanh', 'crossEntropy'), optimizer: optimizer('sgd', 0.1, 4) });
    const twin = await twinOf(unit, many);
    expect(partsAssumption(unit, twin)).toEqual([]);
    const [told] = partsAssumption(unit, { ...twin, partRows: 512 });
    expect(told?.text).toContain('parts of at most 512 rows');
    expect(told?.range).toEqual(unit.batches?.range);
    twin.dispose();
  });
});
