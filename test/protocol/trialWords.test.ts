import { describe, expect, it } from 'vitest';
import { trialChange } from '../../src/protocol/trialWords';

const trial = { steps: 9, seeds: 2, quantity: 'probeLoss', before: NaN, after: 0.1, helped: true };
const write = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : 'not finite');

describe('what a trial changed', () => {
  it('goes from a number to a number', () => {
    expect(trialChange({ ...trial, before: 0.5 }, 'loss', write)).toBe('loss 0.50 → 0.10');
  });

  it('tells a run that diverges from a script that is refused', () => {
    expect(trialChange(trial, 'loss', write)).toBe('loss not finite → 0.10');
    expect(trialChange({ ...trial, refused: true }, 'loss', write)).toBe(
      'refused by the framework as written, before it trains; with the fix loss 0.10',
    );
  });
});
