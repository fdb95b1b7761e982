import { describe, expect, it } from 'vitest';
import { RunRecord } from '../../../src/editor/model/runRecord';
import type { ScriptReading } from '../../../src/editor/model/scripts';
import { Scripts, unitKey } from '../../../src/editor/model/scripts';
import { readSuppressions } from '../../../src/protocol/suppressions';
import type { Finding, RuleId } from '../../../src/records/finding';
import type { UnitReport } from '../../../src/records/report';
import { makeExperiment } from '../experiment';
import { makeFinding } from '../finding';

const path = '/project/train.py';
const key = unitKey(path, 'optimizer');
const options = { levels: {}, mayRun: true };

function reading(
  changes: { rate?: number; line?: number; findings?: Finding[]; decided?: RuleId[]; text?: string; isBroken?: boolean } = {},
): ScriptReading {
  const { rate = 1, line = 5, findings = [], decided = [], text = '', isBroken = false } = changes;
  const experiment = makeExperiment(path, { rate, line });
  return {
    units: [{ experiment, verdict: { findings, decided } }],
    suppressions: readSuppressions(path, text),
    commandLine: {},
    isBroken,
  };
}

function report(findings: readonly Finding[], changes: Partial<UnitReport> = {}): UnitReport {
  const { unit, parts } = makeExperiment(path);
  const nothing = { reason: null, assumptions: [], run: null, passed: [], undecided: [], measurements: {} };
  return { name: unit.name, range: unit.range, status: 'measured', parts, findings, ...nothing, ...changes };
}

/** Scripts with one script that was run, and what the run found. */
function diagnosed(findings: readonly Finding[], changes: Partial<UnitReport> = {}): { scripts: Scripts; record: RunRecord } {
  const scripts = new Scripts();
  scripts.update(path, reading(), options);
  const record = new RunRecord(makeExperiment(path));
  scripts.setRecord(key, record);
  record.finish(report(findings, changes));
  return { scripts, record };
}

const shown = (scripts: Scripts): string[] =>
  scripts.findingsIn(path).map(({ finding, stale }) => `${finding.rule}@${finding.range.line}${stale ? ' stale' : ''}`);

describe('what is shown', () => {
  it('is stale exactly while the script says something else', () => {
    const { scripts } = diagnosed([makeFinding('lr-diverges')]);
    expect(shown(scripts)).toEqual(['lr-diverges@5']);
    scripts.update(path, reading({ rate: 0.5 }), options);
    expect(shown(scripts)).toEqual(['lr-diverges@5 stale']);
    scripts.update(path, reading({ rate: 1 }), options);
    expect(shown(scripts)).toEqual(['lr-diverges@5']);
  });

  it('stays fresh when the unit only moved', () => {
    const { scripts } = diagnosed([makeFinding('lr-diverges')]);
    scripts.edit(path, [{ path, line: 1, column: 1, endLine: 1, endColumn: 1, newText: '# one\n# two\n' }]);
    scripts.update(path, reading({ line: 7 }), options);
    expect(shown(scripts)).toEqual(['lr-diverges@7']);
  });

  it('is stale for good when the data changed', () => {
    const { scripts, record } = diagnosed([makeFinding('lr-diverges')]);
    record.dataChanged = true;
    scripts.update(path, reading(), options);
    expect(shown(scripts)).toEqual(['lr-diverges@5 stale']);
  });

  it('prefers the run where both speak, and the reading once the run is stale', () => {
    const text = makeFinding('missing-zero-grad', { message: 'read' });
    const tried = makeFinding('missing-zero-grad', { message: 'tried' });
    const { scripts } = diagnosed([tried, makeFinding('plateau')]);
    scripts.update(path, reading({ findings: [text], decided: ['missing-zero-grad'] }), options);
    expect(scripts.findingsIn(path).map(({ finding }) => finding.message)).toEqual(['tried', 'plateau']);
    scripts.update(path, reading({ rate: 2, findings: [], decided: ['missing-zero-grad'] }), options);
    expect(shown(scripts)).toEqual(['plateau@5 stale']);
  });

  it('has the severity that the settings give, or none', () => {
    const { scripts } = diagnosed([makeFinding('plateau'), makeFinding('ravine')]);
    scripts.update(path, reading(), { ...options, levels: { plateau: 'hint', ravine: 'off' } });
    expect(scripts.findingsIn(path).map(({ finding }) => [finding.rule, finding.severity])).toEqual([['plateau', 'hint']]);
  });

  it('leaves out what a comment silences, and reports comments that silence nothing', () => {
    const { scripts } = diagnosed([makeFinding('plateau')], { passed: ['ravine'] });
    const comment = `${'\n'.repeat(4)}x = 1  # descent-lens: ignore[plateau, ravine, lr-diverges]`;
    scripts.update(path, reading({ text: comment }), options);
    expect(shown(scripts)).toEqual([]);
    // lr-diverges was neither passed nor found: nothing is known of it.
    expect(scripts.unusedSuppressions(path).map(({ rules }) => rules)).toEqual([['ravine']]);
  });

  it('keeps the last good reading through a syntax error', () => {
    const scripts = new Scripts();
    scripts.update(path, reading({ findings: [makeFinding('missing-zero-grad')], decided: ['missing-zero-grad'] }), options);
    scripts.update(path, { units: [], suppressions: [], commandLine: {}, isBroken: true }, options);
    expect(shown(scripts)).toEqual(['missing-zero-grad@5']);
    expect(scripts.get(path)?.isBroken).toBe(true);
  });

  it('says why a unit was not trained, at its place', () => {
    const range = { path, line: 3, column: 1, endLine: 3, endColumn: 5 };
    const { scripts } = diagnosed([], { status: 'static', reason: { text: 'wine.csv is not there', range } });
    expect(scripts.obstacles(path)).toEqual([
      { unit: 'optimizer', reason: { text: 'wine.csv is not there', range }, isStandIn: false },
    ]);
  });
});

describe('closing', () => {
  it('keeps runs for the same text and forgets them for another', () => {
    const { scripts } = diagnosed([makeFinding('plateau')]);
    scripts.close(path, 'text');
    expect(shown(scripts)).toEqual([]);
    scripts.open(path, 'text');
    scripts.update(path, reading(), options);
    expect(shown(scripts)).toEqual(['plateau@5']);
    scripts.close(path, 'text');
    scripts.open(path, 'other text');
    scripts.update(path, reading(), options);
    expect(shown(scripts)).toEqual([]);
  });
});

describe('moving', () => {
  const now = '/project/deep/training.py';
  const follow = (from: string): string | null => (from === path ? now : null);

  function readAt(at: string): ScriptReading {
    const before = reading();
    return { ...before, units: before.units.map((unit) => ({ ...unit, experiment: makeExperiment(at) })) };
  }

  it('takes an ended run along, with the places of its findings and of their fixes', () => {
    const edit = { path, line: 5, column: 1, endLine: 5, endColumn: 3, newText: '0.1' };
    const fix = { ...makeFinding('lr-diverges'), fixes: [{ title: 'lower', edits: [edit] }] };
    const { scripts, record } = diagnosed([fix]);
    scripts.close(path, 'text');
    scripts.move(follow);
    scripts.open(now, 'text');
    scripts.update(now, readAt(now), options);
    expect(scripts.record(key)).toBeNull();
    expect(scripts.record(unitKey(now, 'optimizer'))).toBe(record);
    const [found] = scripts.findingsIn(now);
    expect(found?.stale).toBe(false);
    expect(found?.finding.range.path).toBe(now);
    expect(found?.finding.fixes[0]?.edits[0]?.path).toBe(now);
  });

  it('is the same where the script was read at its new path before', () => {
    const { scripts } = diagnosed([makeFinding('plateau')]);
    scripts.update(now, readAt(now), options);
    scripts.move(follow);
    expect(scripts.findingsIn(now).map(({ finding, stale }) => [finding.rule, stale])).toEqual([['plateau', false]]);
  });

  it('leaves a run that goes on, and scripts that stay', () => {
    const { scripts } = diagnosed([makeFinding('plateau')]);
    const running = new RunRecord(makeExperiment(path));
    scripts.setRecord(key, running);
    scripts.move(follow);
    scripts.move(() => null);
    expect(scripts.record(key)).toBe(running);
    expect(scripts.record(unitKey(now, 'optimizer'))).toBeNull();
  });

  it('counts no run at the new path where another text is opened there', () => {
    const { scripts } = diagnosed([makeFinding('plateau')]);
    scripts.close(path, 'text');
    scripts.move(follow);
    scripts.open(now, 'other text');
    expect(scripts.record(unitKey(now, 'optimizer'))).toBeNull();
  });
});

describe('a value that only the command line gives', () => {
  const asking = (): ScriptReading => {
    const { units, ...rest } = reading();
    const range = { path, line: 3, column: 1, endLine: 3, endColumn: 8 };
    const unread = [
      { text: 'The value of `--lr` comes from the command line', range, missing: { kind: 'value', name: 'lr' } as const },
    ];
    return { ...rest, units: units.map((unit) => ({ ...unit, experiment: { ...unit.experiment, unread } })) };
  };

  it('is told at once, and its place follows the text', () => {
    const scripts = new Scripts();
    scripts.update(path, asking(), options);
    const lines = (): number[] => scripts.obstacles(path).map(({ reason }) => reason.range.line);
    expect(lines()).toEqual([3]);
    scripts.edit(path, [{ path, line: 1, column: 1, endLine: 1, endColumn: 1, newText: '\n' }]);
    expect(lines()).toEqual([4]);
  });
});
