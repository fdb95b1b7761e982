import { describe, expect, it } from 'vitest';
import { levelOf, readProjectSettings } from '../../src/protocol/projectSettings';

describe('readProjectSettings', () => {
  it('reads the table', () => {
    const toml =
      '[tool.descent-lens]\nseed = 7\nbudget = 2.5\ndata = "data/wine.csv"\n[tool.descent-lens.rules]\nlr-diverges = "warning"\nplateau = "off"\n';
    expect(readProjectSettings(toml)).toEqual({
      ok: true,
      value: { rules: { 'lr-diverges': 'warning', plateau: 'off' }, seed: 7, budget: 2.5, data: 'data/wine.csv' },
    });
  });

  it('reads what scripts are given in place of their command line', () => {
    const read = readProjectSettings('[tool.descent-lens.values]\nlr = 0.01\nweight-decay = 1e-4\nname = "a"\namp = true\n');
    expect(read.ok && read.value.values).toEqual({ lr: 0.01, weight_decay: 1e-4, name: 'a', amp: true });
  });

  it('reads whether missing data are made up', () =>
    expect(readProjectSettings('[tool.descent-lens]\nstand-in = true\n')).toEqual({
      ok: true,
      value: { rules: {}, standIn: true },
    }));

  it('is empty without the table', () => {
    expect(readProjectSettings('[tool.ruff]\nline-length = 100\n')).toEqual({ ok: true, value: { rules: {} } });
    expect(readProjectSettings('')).toEqual({ ok: true, value: { rules: {} } });
  });

  it.each([
    ['[tool.descent-lens]\nsead = 1', 'no setting sead'],
    ['[tool.descent-lens]\nseed = 1.5', 'seed must be a whole number'],
    ['[tool.descent-lens]\nbudget = 0', 'budget must be'],
    ['[tool.descent-lens.rules]\nlr-explodes = "off"', 'lr-explodes that does not exist'],
    ['[tool.descent-lens.rules]\nplateau = "loud"', 'rules.plateau must be one of off'],
    ['[tool.descent-lens]\nvalues = 3', 'values must be a table'],
    ['[tool.descent-lens]\nstand-in = 1', 'true or false'],
    ['[tool.descent-lens.values]\nlr = [1]', 'values.lr must be'],
    ['[tool', 'cannot be read'],
  ])('says what is wrong in %j', (toml, text) => {
    const result = readProjectSettings(toml);
    expect(result.ok ? '' : result.error.text).toContain(text);
  });
});

describe('levelOf', () => {
  it('keeps, changes or hides a finding', () => {
    expect(levelOf('plateau', 'warning', {})).toBe('warning');
    expect(levelOf('plateau', 'warning', { plateau: 'hint' })).toBe('hint');
    expect(levelOf('plateau', 'warning', { plateau: 'off' })).toBeNull();
  });
});
