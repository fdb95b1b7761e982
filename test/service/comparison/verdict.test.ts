import { describe, expect, it } from 'vitest';
import { optimizer } from '../../engine/experiments';
import type { NpzArray } from '../../../src/service/comparison/npz';
import type { Recorded } from '../../../src/service/comparison/recorded';
import { verdictOf } from '../../../src/service/comparison/verdict';

const column = (values: readonly number[], shape = [values.length]): NpzArray => ({ shape, values: Float64Array.from(values) });

/** A trace of three steps on one parameter of two elements. */
const trace = new Map<string, NpzArray>([
  ['loss', column([1, 0.5, 0.25])],
  ['lr', column([0.1, 0.1, 0.1], [3, 1])],
  ['grad_norm/w', column([2, 1, 0.5])],
  ['init/w', column([0, 0])],
  ['final/w', column([3, 4])],
]);

const same: Recorded = {
  torch: '2.4.0',
  python: '3.12.1',
  steps: 3,
  loss: [1, 0.5, 0.25],
  rates: [[0, 0.1]],
  norms: { w: [2, 1, 0.5] },
  tensors: { w: { norm: 5, difference: 0, sketch: [3, 4] } },
  checks: { names: true, x: 0, y: 0, substituted: [], batches: true },
  initial: { w: { mean: 0, deviation: 0 } },
};

const verdict = (single: Recorded, double: Recorded | null = null, used = optimizer('sgd', 0.1, 1)) =>
  verdictOf({ arrays: trace, optimizer: used }, single, double, 'python3');

describe('the verdict of a comparison', () => {
  it('finds nothing between equal runs', () => {
    expect(verdict(same)).toMatchObject({ steps: 3, differences: [], notes: [], gaps: { loss: 0, gradients: 0 } });
  });

  it('allows what the bounds allow, and no more', () => {
    expect(verdict({ ...same, loss: [1, 0.500049, 0.25] }).differences).toEqual([]);
    const [first] = verdict({ ...same, loss: [1, 0.500051, 0.25] }).differences;
    expect(first).toMatchObject({ kind: 'loss', step: 2 });
    expect(first?.gap).toBeCloseTo(0.000051 / 0.500051, 10);
    expect(verdict({ ...same, norms: { w: [2, 1, 0.50049] } }).differences).toEqual([]);
    expect(verdict({ ...same, norms: { w: [2, 1, 0.51] } }).differences[0]).toMatchObject({
      kind: 'gradients',
      step: 3,
      name: 'w',
    });
    const off = (difference: number): Recorded => ({ ...same, tensors: { w: { norm: 5, difference, sketch: [3, 4] } } });
    expect(verdict(off(4.9e-4)).differences).toEqual([]);
    expect(verdict(off(0.05)).differences).toMatchObject([{ kind: 'parameters', step: null, name: 'w', gap: 0.01 }]);
  });

  it('finds nothing between parameters that stay at zero, and everything where only one run leaves it', () => {
    const nought = (difference: number) =>
      verdict({ ...same, norms: { w: [2, 1, 0.5] }, tensors: { w: { norm: 0, difference, sketch: [0, 0] } } }).differences;
    expect(nought(0)).toEqual([]);
    expect(nought(0.1)).toMatchObject([{ kind: 'parameters', name: 'w' }]);
  });

  it('puts what comes first in time first', () => {
    const other = {
      ...same,
      rates: [
        [0, 0.1],
        [2, 0.2],
      ],
      loss: [1, 0.6, 0.25],
    };
    expect(verdict(other).differences.map(({ kind, step }) => [kind, step])).toEqual([
      ['loss', 2],
      ['rate', 3],
    ]);
  });

  it("allows three times PyTorch's own rounding", () => {
    const double = { ...same, loss: [1, 0.501, 0.25] };
    const single = (second: number): Recorded => ({ ...double, loss: [1, second, 0.25] });
    expect(verdict(double).differences).toHaveLength(1);
    expect(verdict(single(0.5014), double).differences).toEqual([]);
    expect(verdict(single(0.5012), double).differences).toMatchObject([{ kind: 'loss', step: 2 }]);
  });

  it('ends where rounding has grown beyond telling', () => {
    const double = { ...same, loss: [1, 0.5, 0.9], tensors: { w: { norm: 9, difference: 9, sketch: [9, 0] } } };
    const comparison = verdict({ ...double, loss: [1, 0.5, 0.7] }, double);
    expect(comparison).toMatchObject({ steps: 2, differences: [], tensors: [] });
    expect(comparison.notes[0]).toContain('from step 3 on');
  });

  it('says when the script takes fewer steps', () => {
    const fewer = { ...same, steps: 2, loss: [1, 0.5], norms: { w: [2, 1] } };
    expect(verdict(fewer).differences).toMatchObject([{ kind: 'steps' }]);
  });

  it('notes what older versions of PyTorch do otherwise', () => {
    const notes = (torch: string, ...of: Parameters<typeof optimizer>) =>
      verdict({ ...same, torch }, null, optimizer(...of)).notes;
    expect(notes('1.13.0a0', 'nadam', 0.1, 1)).toEqual([expect.stringContaining('NAdam of PyTorch 1.13.0a0')]);
    expect(notes('2.0.1', 'nadam', 0.1, 1)).toEqual([]);
    expect(notes('1.13.1', 'adam', 0.1, 1)).toEqual([]);
    expect(notes('1.13.1', 'sgd', 0.1, 1, { weightDecay: 0.1 }, { maximize: true })).toEqual([]);
  });

  it('notes what is otherwise than it was read', () => {
    const checks = { names: false, x: 0.03, y: Infinity, substituted: ['x'], batches: false };
    const { notes, differences } = verdict({ ...same, checks, initial: { w: { mean: 1, deviation: 0 } } });
    expect(differences).toEqual([]);
    expect(notes).toHaveLength(6);
    expect(notes.join('\n')).toMatch(
      /other names[^]*input differs[^]*3 %[^]*target has another size[^]*at random[^]*batches[^]*First values/,
    );
  });
});
