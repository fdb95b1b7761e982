import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { never } from '../../src/base/cancel';
import { noProjectSettings } from '../../src/protocol/projectSettings';
import type { Surroundings } from '../../src/probe/session';
import { checkScript, type FileReport } from '../../src/service/check';
import type { CheckCommand } from '../../src/service/arguments';
import { openScript } from '../../src/service/scripts';
import { testSurroundings } from '../service/surroundings';

const command: CheckCommand = {
  kind: 'check',
  files: [],
  format: 'json',
  staticOnly: false,
  budget: null,
  seed: null,
  unit: null,
  data: null,
  report: null,
};

let surroundings: Surroundings;
beforeAll(async () => {
  surroundings = await testSurroundings();
});

async function check(path: string): Promise<FileReport> {
  const script = openScript(path, resolve('.'));
  if (!script.ok) throw new Error(script.error);
  return checkScript({ script: script.value, command, folder: resolve('.'), settings: noProjectSettings, surroundings, cancel: never, onEvent: () => undefined });
}

/** What the script's own remarks say: `# <- RULE` at the end of each line on which a finding must land. */
function expected(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, i) => {
      const rule = /# <- ([a-z-]+)\s*$/.exec(line)?.[1];
      return rule ? [`${i + 1} ${rule}`] : [];
    });
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

describe('healthy scripts', () => {
  it.each(scripts('healthy'))('%s is measured and raises no warning', async (path) => {
    const report = await check(path);
    expect(report.units.length).toBeGreaterThan(0);
    expect(report.units.map(({ status, reason }) => `${status} ${reason?.text ?? ''}`.trim())).toEqual(
      report.units.map(() => 'measured'),
    );
    expect(raised(report, [])).toEqual([]);
  });
});

describe('faulty scripts', () => {
  it.each(scripts('faults'))('%s raises what it says, where it says, and nothing else', async (path) => {
    const wanted = expected(path);
    expect(wanted.length).toBeGreaterThan(0);
    const report = await check(path);
    expect([...new Set(raised(report, wanted))].sort()).toEqual([...wanted].sort());
  });
});
