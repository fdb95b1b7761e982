import { expect, test } from 'vitest';
import { lowerModel } from '../../src/engine/lowerModel';
import type { Tensor } from '../../src/records/dataset';
import { here, ModelBuilder } from './experiments';
import { runtime } from './twins';

/** The loss of `rows` rows, all probabilities alike. */
async function lossOf(targets: Tensor, times: number, infinityIsZero: boolean, rows = 1): Promise<number | string> {
  const model = new ModelBuilder();
  const scores = model.call('constant', [], { value: Math.log(1 / 3) });
  const x = model.call('expand', [scores], { shape: [times, rows, 3] });
  const lengths = [times, targets.shape.at(-1) ?? 0].map((value) => model.call('constant', [], { value }));
  const loss = model.call('ctc', [x, model.input(), ...lengths], { reduction: 'mean', blank: 0, infinityIsZero });
  const mode = { rows, batchNorm: 'eval', dropout: false } as const;
  const lowered = lowerModel(model.finish(loss, loss), { inputs: [targets], targets: [] }, {}, mode, here);
  if (!lowered.ok) return lowered.error.text;
  const { loss: tensor, data } = lowered.value;
  const compiled = await runtime.compile({ inputs: data, outputs: [{ name: 'loss', tensor }] });
  const { loss: value } = await compiled.run({ 'input/0': targets.values as Int32Array });
  return value?.[0] ?? NaN;
}

const labels = (...values: number[]): Tensor => ({ shape: [1, values.length], values: Int32Array.from(values) });

test('counts alignments: 5 of 27 ways give “1 2” in three times, 1 gives “1 1”, and none in two', async () => {
  expect(await lossOf(labels(1, 2), 3, false)).toBeCloseTo((2 * -Math.log(5 / 27)) / 4, 5);
  expect(await lossOf(labels(1, 1), 3, false)).toBeCloseTo(-Math.log(1 / 27) / 2, 5);
  expect(await lossOf(labels(1, 1), 2, false)).toBe(Infinity);
  expect(await lossOf(labels(1, 1), 2, true)).toBe(0);
});

test('says which targets it does not follow', async () => {
  const inARow: Tensor = { shape: [4], values: Int32Array.from([1, 2, 1, 1]) };
  expect(await lossOf(inARow, 4, false, 4)).toMatch(/shape \[4, labels\] as its targets; it gets \[4\]/);
});
