import { describe, expect, it } from 'vitest';
import { Trajectory } from '../../src/probe/trajectory';

const request = { key: 'k', changes: [], seedOffset: 0 };
const losses = (loss: number) => ({ loss, validationLoss: loss + 1, accuracy: 0.5 });

function follow(values: readonly number[], ending: 'plan' | 'divergence' = 'plan') {
  const trajectory = new Trajectory(values.length - 1);
  values.forEach((value, step) => trajectory.add(step, losses(value)));
  return trajectory.result(request, values.length - 1, ending);
}

describe('Trajectory', () => {
  it('sums a run up at its start, a third and the end', () => {
    const result = follow([4, 3, 2, 1, 0.5, 0.4, 0.6]);
    expect(result.status).toBe('trained');
    expect(result.probeLoss).toEqual({ start: 4, third: 2, end: 0.6, best: 0.4 });
    expect(result.validationLoss).toEqual({ third: 3, end: 1.6 });
  });

  it('counts an end far above the start as diverged', () => expect(follow([1, 2, 3, 5]).status).toBe('diverged'));
  it('counts a spike that is recovered from as trained', () => expect(follow([1, 50, 3, 0.5]).status).toBe('trained'));
  it('counts a value that is not finite as diverged', () => {
    const result = follow([1, 2, NaN], 'divergence');
    expect(result.status).toBe('diverged');
    expect(result.probeLoss.end).toBe(Infinity);
  });
});
