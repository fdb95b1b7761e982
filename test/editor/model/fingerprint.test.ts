import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../../src/editor/model/fingerprint';
import { makeExperiment } from '../experiment';

describe('fingerprint', () => {
  it('is the same wherever the unit stands, and whatever is said about it', () => {
    const experiment = makeExperiment('/project/train.py');
    const moved = {
      ...makeExperiment('/project/train.py', { line: 50 }),
      assumptions: [{ text: 'a', range: experiment.unit.range }],
    };
    expect(fingerprint(moved)).toBe(fingerprint(experiment));
  });

  it('differs when any number does', () => {
    const experiment = makeExperiment('/project/train.py');
    expect(fingerprint(makeExperiment('/project/train.py', { rate: 0.999 }))).not.toBe(fingerprint(experiment));
    expect(fingerprint({ ...experiment, unread: [{ text: 'loss', range: experiment.unit.range }] })).not.toBe(
      fingerprint(experiment),
    );
  });
});
