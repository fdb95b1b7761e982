import { describe, expect, it } from 'vitest';
import { agrees, comparisonWords } from '../../src/protocol/comparison';
import type { Comparison, Difference } from '../../src/records/comparison';

const comparison = (differences: readonly Difference[]): Comparison => ({
  torch: '2.4.1+cpu',
  python: '3.12.1',
  interpreter: 'python3',
  steps: 20,
  inDouble: false,
  gaps: { loss: 2.1e-6, gradients: 3e-6 },
  tensors: [],
  losses: { ours: [], pytorch: [] },
  gradientNorms: { ours: [], pytorch: [] },
  differences,
  notes: [],
});

describe('a comparison in words', () => {
  it('says how far the runs agree', () => {
    expect(agrees(comparison([]))).toBe(true);
    expect(comparisonWords(comparison([]))).toBe('compared with PyTorch 2.4.1: 20 steps agree, loss to 2e-6');
    expect(comparisonWords({ ...comparison([]), steps: 1, gaps: { loss: 0, gradients: 0 } })).toMatch(
      /1 step agrees, loss to 1e-9$/,
    );
  });

  it.each([
    [{ kind: 'loss', step: 3, name: null, gap: 0.04 }, 'from step 3 on (loss 4 %)'],
    [{ kind: 'gradients', step: 1, name: 'fc.weight', gap: 1.234 }, 'from step 1 on (gradient of fc.weight 120 %)'],
    [{ kind: 'rate', step: 7, name: null, gap: 0.5 }, 'from step 7 on (learning rate 50 %)'],
    [{ kind: 'loss', step: 2, name: null, gap: Infinity }, 'from step 2 on (loss not finite)'],
    [{ kind: 'parameters', step: null, name: 'fc.bias', gap: 0.0123 }, 'after 20 steps (fc.bias 1.2 %)'],
    [{ kind: 'steps', step: null, name: null, gap: 1 }, 'after 20 steps: the script takes no more'],
  ] as const)('says where they part: %j', (difference, text) => {
    expect(agrees(comparison([difference]))).toBe(false);
    expect(comparisonWords(comparison([difference]))).toBe(`differs from PyTorch 2.4.1 ${text}`);
  });
});
