import { describe, expect, it } from 'vitest';
import { hoverText, measuredLimit } from '../../../src/editor/model/hoverText';
import { RunRecord } from '../../../src/editor/model/runRecord';
import type { QuantityName } from '../../../src/records/measurement';
import { makeExperiment } from '../experiment';
import { Scripts, unitKey } from '../../../src/editor/model/scripts';

const path = '/project/train.py';

function measured(rate: number): { text: ReturnType<typeof hoverText> } {
  const experiment = makeExperiment(path, { rate });
  const scripts = new Scripts();
  scripts.update(
    path,
    { units: [{ experiment, verdict: { findings: [], decided: [] } }], suppressions: [], commandLine: {}, isBroken: false },
    { levels: {}, mayRun: true },
  );
  const unit = scripts.unit(unitKey(path, experiment.unit.name));
  const parameter = unit?.hyperparameters.find(({ name }) => name === 'learning rate');
  if (!unit || !parameter) throw new Error('no learning rate');
  const record = new RunRecord(experiment);
  const column = (quantity: QuantityName, values: number[]) => ({
    quantity,
    steps: Float64Array.of(0, 40, 80),
    values: Float64Array.from(values),
  });
  record.accept({
    kind: 'measurements',
    batch: {
      sequence: 0,
      columns: [
        column('rateLimit', [2, 0.5, NaN]),
        column('lambdaMax', [1, 4, 3]),
        column('lambdaMaxError', [0.1, 0.02, 0.1]),
        column('rateLimitError', [0.1, 0.0025, NaN]),
        column('curvatureProducts', [30, 11, 12]),
      ],
    },
  });
  return { text: hoverText(unit, parameter, record) };
}

describe('hoverText', () => {
  it('names the smallest limit, its step and the curvature there', () => {
    const { text } = measured(1);
    expect(text.lines.join()).toBe(
      '**learning rate** `1`, above the limit of stability `0.5` ± 0.0025 measured at step 40, from a largest curvature of 4 ± 0.02 (11 Hessian products).',
    );
    expect(text.curve?.reference?.value).toBe(1);
    expect(measured(0.1).text.lines.join()).toContain('below the limit');
  });

  it('ignores limits that are not numbers', () => {
    expect(measuredLimit({ rateLimit: { steps: [0, 1], values: [NaN, 0] } }, false)).toBeNull();
    expect(measuredLimit({}, false)).toBeNull();
  });

  it('keeps to the first limit of a run that diverged', () => {
    const measurements = { rateLimit: { steps: [0, 1, 2], values: [0.4, 0.5, 1e-11] } };
    expect(measuredLimit(measurements, true)).toEqual({ step: 0, value: 0.4 });
    expect(measuredLimit(measurements, false)).toEqual({ step: 2, value: 1e-11 });
  });
});
