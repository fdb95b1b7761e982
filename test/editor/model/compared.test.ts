import { describe, expect, it } from 'vitest';
import { panelState } from '../../../src/editor/model/panelState';
import { Scripts, unitKey, type Unit } from '../../../src/editor/model/scripts';
import type { Comparison } from '../../../src/records/comparison';
import { makeExperiment } from '../experiment';

const path = '/project/train.py';
const comparison: Comparison = {
  torch: '2.4.1',
  python: '3.12.1',
  interpreter: 'python3',
  steps: 20,
  inDouble: false,
  gaps: { loss: 2e-6, gradients: 3e-6 },
  tensors: [],
  losses: { ours: [], pytorch: [] },
  gradientNorms: { ours: [], pytorch: [] },
  differences: [],
  notes: [],
};

function opened(): { readonly scripts: Scripts; read(rate: number): Unit } {
  const scripts = new Scripts();
  const verdict = { findings: [], decided: [] };
  const read = (rate: number): Unit => {
    const experiment = makeExperiment(path, { rate });
    scripts.update(
      path,
      { units: [{ experiment, verdict }], suppressions: [], commandLine: {}, isBroken: false },
      { levels: {}, mayRun: true },
    );
    const unit = scripts.unit(unitKey(path, 'optimizer'));
    if (!unit) throw new Error('no unit');
    return unit;
  };
  return { scripts, read };
}

function shown(scripts: Scripts, unit: Unit, isTrusted = true) {
  return panelState({ unit, record: null, shown: [], waitsFor: null, isTrusted, compared: scripts.comparedWith(unit) });
}

function compare(scripts: Scripts, unit: Unit, result = comparison): void {
  scripts.setComparison(unit.key, { comparison: result, fingerprint: unit.fingerprint, files: [], dataChanged: false });
}

describe('a comparison with PyTorch in the line of trust', () => {
  it('stands there until the script says something else, and again when that is undone', () => {
    const { scripts, read } = opened();
    const unit = read(1);
    expect(shown(scripts, unit).trust).toMatch(/ · not compared with PyTorch$/);
    compare(scripts, unit);
    expect(shown(scripts, unit).trust).toMatch(/ · compared with PyTorch 2\.4\.1: 20 steps agree, loss to 2e-6$/);
    expect(shown(scripts, read(0.5)).trust).toMatch(/loss to 2e-6 \(stale: the script or its data changed since\)$/);
    expect(shown(scripts, read(1)).trust).toMatch(/loss to 2e-6$/);
  });

  it('is stale when a data file changed, and gone when findings are cleared', () => {
    const { scripts, read } = opened();
    const unit = read(1);
    compare(scripts, unit);
    const record = scripts.allComparisons.get(unit.key);
    if (record) record.dataChanged = true;
    expect(scripts.comparedWith(unit)?.stale).toBe(true);
    scripts.setComparison(unit.key, null);
    expect(scripts.comparedWith(unit)).toBeNull();
  });

  it('points to the log where there is more to say', () => {
    const { scripts, read } = opened();
    const unit = read(1);
    compare(scripts, unit, { ...comparison, differences: [{ kind: 'loss', step: 3, name: null, gap: 0.04 }] });
    expect(shown(scripts, unit).trust).toMatch(/differs from PyTorch 2\.4\.1 from step 3 on \(loss 4 %\): see log$/);
    compare(scripts, unit, { ...comparison, notes: ['The parameters have other names.'] });
    expect(shown(scripts, unit).trust).toMatch(/loss to 2e-6: see log$/);
  });

  it('is offered only where PyTorch trains and the folder is trusted', () => {
    const { scripts, read } = opened();
    const unit = read(1);
    expect(shown(scripts, unit).comparing).toBe('offered');
    compare(scripts, unit);
    expect(shown(scripts, unit).comparing).toBe('again');
    expect(shown(scripts, unit, false).comparing).toBeUndefined();
    const experiment = { ...unit.experiment, unit: { ...unit.experiment.unit, framework: 'keras' as const } };
    expect(shown(scripts, { ...unit, experiment }).comparing).toBeUndefined();
  });
});
