import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Surroundings } from '../../src/probe/session';
import type { FileReport } from '../../src/service/check';
import { checkFile, expectedFindings, testSurroundings } from '../service/surroundings';

let surroundings: Surroundings;
beforeAll(async () => {
  surroundings = await testSurroundings();
});

/** Findings at warning or above, as `line rule`; rules that are information by nature count when the script expects them. */
function raised(report: FileReport, wanted: readonly string[]): string[] {
  return report.units.flatMap((unit) =>
    unit.findings
      .filter(({ severity, range, rule }) => severity === 'error' || severity === 'warning' || wanted.includes(`${range.line} ${rule}`))
      .map(({ range, rule }) => `${range.line} ${rule}`),
  );
}

const scripts = (folder: string): string[] => readdirSync(join('examples', folder)).map((name) => join('examples', folder, name, 'train.py'));

describe('healthy scripts', () => {
  it.each(scripts('healthy'))('%s is measured and raises no warning', async (path) => {
    const report = await checkFile(path, surroundings);
    expect(report.units.length).toBeGreaterThan(0);
    expect(report.units.map(({ status, reason }) => `${status} ${reason?.text ?? ''}`.trim())).toEqual(
      report.units.map(() => 'measured'),
    );
    expect(raised(report, [])).toEqual([]);
  });
});

describe('faulty scripts', () => {
  it.each(scripts('faults'))('%s raises what it says, where it says, and nothing else', async (path) => {
    const wanted = expectedFindings(path);
    expect(wanted.length).toBeGreaterThan(0);
    const report = await checkFile(path, surroundings);
    expect([...new Set(raised(report, wanted))].sort()).toEqual([...wanted].sort());
  });
});
