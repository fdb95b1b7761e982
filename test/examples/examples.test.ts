import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RuleId } from '../../src/records/finding';
import type { Surroundings } from '../../src/probe/session';
import type { FileReport } from '../../src/service/check';
import { placesOf } from '../../src/service/formats/places';
import { inBothFrameworks, scriptsOfRules } from './table';
import { checkFile, expectedFindings, testSurroundings } from '../service/surroundings';

let surroundings: Surroundings;
beforeAll(async () => {
  surroundings = await testSurroundings();
});

const reports = new Map<string, Promise<FileReport>>();

/** The report of a script, which is checked once for all tests here. */
function reportOf(path: string): Promise<FileReport> {
  const known = reports.get(path) ?? checkFile(path, surroundings);
  reports.set(path, known);
  return known;
}

/** Findings at warning or above, as `line rule`; rules that are information by nature count when the script expects them. */
function raised(report: FileReport, wanted: readonly string[]): string[] {
  return report.units.flatMap((unit) =>
    unit.findings
      .filter(({ severity, range, rule }) => severity === 'error' || severity === 'warning' || wanted.includes(`${range.line} ${rule}`))
      .map(({ range, rule }) => `${range.line} ${rule}`),
  );
}

const scripts = (folder: string): string[] => readdirSync(join('examples', folder)).map((name) => join('examples', folder, name, 'train.py'));

/** Faulty scripts that no reference of PyTorch belongs to: PyTorch refuses some of them, and they are held here alone. */
const marked = readdirSync(join('test', 'examples', 'scripts'))
  .map((name) => join('test', 'examples', 'scripts', name, 'train.py'))
  .filter((path) => expectedFindings(path).length > 0);

describe('healthy scripts', () => {
  it.each(scripts('healthy'))('%s is measured and raises no warning', async (path) => {
    const report = await reportOf(path);
    expect(report.units.length).toBeGreaterThan(0);
    const solved = path.includes('sklearn-logistic');
    expect(report.units.map(({ status, reason }) => `${status} ${reason?.text ?? ''}`.trim())).toEqual(
      report.units.map(() => (solved ? expect.stringMatching(/^static LogisticRegression is solved by lbfgs/) : 'measured')),
    );
    expect(raised(report, [])).toEqual([]);
  });
});

describe('faulty scripts', () => {
  it.each([...scripts('faults'), ...marked])('%s raises what it says, where it says, and nothing else', async (path) => {
    const wanted = expectedFindings(path);
    expect(wanted.length).toBeGreaterThan(0);
    const report = await reportOf(path);
    expect([...new Set(raised(report, wanted))].sort()).toEqual([...wanted].sort());
  });
});

describe('verdicts that a run of chance could change', () => {
  it.each([0, 2, 3, 6])('a rate that is too high to settle is told with seed %i too', async (seed) => {
    const path = 'examples/faults/lr-oscillates/train.py';
    const report = await checkFile(path, surroundings, null, seed);
    expect(raised(report, [])).toEqual(expectedFindings(path));
    expect(report.units[0]?.findings.find(({ rule }) => rule === 'lr-oscillates')?.fixes[0]?.verified?.helped).toBe(true);
  });
});

const rules = Object.entries(scriptsOfRules) as [RuleId, (typeof scriptsOfRules)[RuleId]][];
const saidOf = (rule: RuleId, report: FileReport): readonly RuleId[] =>
  report.units.flatMap(({ findings }) => findings.map((finding) => finding.rule)).filter((found) => found === rule);

describe('every rule', () => {
  it.each(rules)('%s speaks on a script of its own', async (rule, { said }) => {
    expect(saidOf(rule, await reportOf(join(said, 'train.py')))).not.toEqual([]);
  });

  it.each(rules)('%s passes a healthy script that looks alike', async (rule, { quiet }) => {
    const report = await reportOf(join(quiet, 'train.py'));
    expect(saidOf(rule, report)).toEqual([]);
    expect(report.units.some(({ passed }) => passed.includes(rule))).toBe(true);
  });

  it.each(inBothFrameworks)('%s is found in PyTorch and in Keras', async (rule, pytorch, keras) => {
    for (const [name, framework] of [
      [pytorch, 'torch'],
      [keras, 'keras'],
    ] as const) {
      const path = join(name, 'train.py');
      expect(readFileSync(path, 'utf8')).toContain(framework);
      expect(expectedFindings(path).map((expected) => expected.split(' ')[1])).toContain(rule);
      expect(saidOf(rule, await reportOf(path))).not.toEqual([]);
    }
  });
});

describe('the bed of published shapes', () => {
  // An activation of which no unit can be told; batches that come in one size only.
  it.each(['keras/first_29_timeseries_univariate.py', 'first/seq2seq_reverse.py'])('%s is measured to its end', async (name) => {
    const report = await checkFile(join('test', 'source', 'bed', name), surroundings);
    expect(report.units.map(({ status }) => status)).toEqual(['measured']);
  });
});

describe('notebooks', () => {
  it.each(['wine', 'diabetes'])('%s is measured and raises what its cells say', async (name) => {
    const path = join('examples', 'notebooks', `${name}.ipynb`);
    const wanted = expectedFindings(path);
    const report = await checkFile(path, surroundings);
    expect(report.units.map(({ status }) => status)).toEqual(['measured']);
    expect([...new Set(raised(report, wanted))].sort()).toEqual([...wanted].sort());
  });

  it('tells a finding by its cell, its line in there, and its line in the file', async () => {
    const path = 'examples/notebooks/diabetes.ipynb';
    const report = await checkFile(path, surroundings);
    const [finding] = report.units.flatMap(({ findings }) => findings.filter(({ rule }) => rule === 'lr-diverges'));
    if (!finding) throw new Error('nothing was found');
    const place = placesOf([report], resolve('.'))(finding.range);
    expect(place).toMatchObject({ path, cell: 3, line: 2, column: 17, endLine: 2, endColumn: 20 });
    const fileLine = readFileSync(path, 'utf8').split('\n')[(place.fileLines?.[0] ?? 0) - 1];
    expect(fileLine).toContain('LEARNING_RATE = 1.0');
    const [fix] = finding.fixes;
    expect(fix?.verified?.helped).toBe(true);
  });
});
