import { readFileSync } from 'node:fs';
import { dirname, join, relative, isAbsolute, resolve } from 'node:path';
import { fail, ok, type Result } from '../base/result';
import { levelOf, noProjectSettings, readProjectSettings, type ProjectSettings } from '../protocol/projectSettings';
import { isSilenced, readSuppressions, unusedSuppressions, type UnusedSuppression } from '../protocol/suppressions';
import type { RuleId } from '../records/finding';
import type { UnitReport } from '../records/report';

/** The settings of the nearest pyproject.toml at or above the script, up to the working folder. */
export function teamSettings(script: string, folder: string): Result<ProjectSettings, string> {
  for (let place = dirname(script); ; place = dirname(place)) {
    const path = join(place, 'pyproject.toml');
    const text = readIfThere(path);
    if (text !== null) {
      const read = readProjectSettings(text);
      if (!read.ok) return fail(`${relative(folder, path)}: ${read.error.text}`);
      const { data } = read.value;
      return ok(data === undefined ? read.value : { ...read.value, data: resolve(place, data) });
    }
    const inside = relative(folder, place);
    if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) return ok(noProjectSettings);
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Rules that the team has switched off. */
export const rulesOff = ({ rules }: ProjectSettings): readonly RuleId[] =>
  (Object.keys(rules) as RuleId[]).filter((rule) => rules[rule] === 'off');

/** The report with the team's severities, without what comments in the scripts silence. */
export function withSettings(unit: UnitReport, settings: ProjectSettings, texts: Readonly<Record<string, string>>): UnitReport {
  const comments = Object.entries(texts).flatMap(([path, text]) => readSuppressions(path, text));
  const findings = unit.findings.flatMap((finding) => {
    const severity = levelOf(finding.rule, finding.severity, settings.rules);
    return severity === null || isSilenced(finding, comments) ? [] : [{ ...finding, severity }];
  });
  return { ...unit, findings };
}

/** Comments that silenced nothing, over all units of one script; rules that no unit could decide are left alone. */
export function unusedComments(units: readonly UnitReport[], path: string, text: string): readonly UnusedSuppression[] {
  const decided = new Set(units.flatMap((unit) => [...unit.passed, ...unit.findings.map(({ rule }) => rule)]));
  return unusedSuppressions(
    readSuppressions(path, text),
    units.flatMap(({ findings }) => findings),
    decided,
  );
}
