import { describe, expect, it } from 'vitest';
import { isStepDue, stepsOfEpochs } from '../../src/engine/pace';
import { fc } from '../support/property';

describe('steps that take the gradients of several batches', () => {
  it('are due where the loop of the script takes them, and as many as it takes', () => {
    const drawn = fc.record({
      accumulation: fc.integer({ min: 2, max: 6 }),
      first: fc.integer({ min: 1, max: 9 }),
      last: fc.boolean(),
      over: fc.constantFrom('epoch' as const, 'run' as const),
      perEpoch: fc.integer({ min: 1, max: 20 }),
      epochs: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(drawn, ({ accumulation, first, last, over, perEpoch, epochs }) => {
        fc.pre(!(last && over === 'run'));
        const loop = { accumulation, pace: { first, last, over, cleared: false } };
        const expected: number[] = [];
        let count = 0;
        for (let epoch = 0; epoch < epochs; epoch++) {
          if (over === 'epoch') count = 0;
          for (let i = 0; i < perEpoch; i++) {
            count++;
            if ((count >= first && (count - first) % accumulation === 0) || (last && i + 1 === perEpoch))
              expected.push(epoch * perEpoch + i);
          }
        }
        const all = Array.from({ length: perEpoch * epochs }, (_, batch) => batch);
        expect(all.filter((batch) => isStepDue(loop, batch, perEpoch))).toEqual(expected);
        expect(stepsOfEpochs(loop, perEpoch, epochs)).toBe(expected.length);
      }),
    );
  });

  it('are 51 of 201 batches from the first one on, and 50 after each fourth', () => {
    const from = (first: number, last = false): number =>
      stepsOfEpochs({ accumulation: 4, pace: { first, last, over: 'epoch', cleared: false } }, 201, 1);
    expect([from(1), from(4), from(4, true), stepsOfEpochs({ accumulation: 4 }, 201, 3)]).toEqual([51, 50, 51, 150]);
  });
});
