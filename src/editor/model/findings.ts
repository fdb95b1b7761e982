import type { Finding, RuleId } from '../../records/finding';
import type { RuleLevels } from '../../protocol/projectSettings';
import { levelOf } from '../../protocol/projectSettings';

/** A finding as it is shown: with the severity that the settings give it, and whether it still speaks of this text. */
export interface ShownFinding {
  readonly finding: Finding;
  readonly stale: boolean;
  /** Name of its training unit. */
  readonly unit: string;
}

/** What the text alone says about a unit: findings of the static rules, and the rules that this reading decided. */
export interface StaticVerdict {
  readonly findings: readonly Finding[];
  readonly decided: readonly RuleId[];
}

/** What the last run of the unit found, in places of the present text. */
export interface MeasuredVerdict {
  readonly findings: readonly Finding[];
  readonly stale: boolean;
}

/**
 * Joins both verdicts on a unit. A fresh run knows more than the reading (its fixes were tried), so its findings
 * stand for both; a stale run keeps only what the reading cannot decide anew.
 */
export function shownFindings(
  unit: string,
  text: StaticVerdict,
  measured: MeasuredVerdict | null,
  levels: RuleLevels,
): readonly ShownFinding[] {
  const fresh = text.findings.map((finding): ShownFinding => ({ finding, stale: false, unit }));
  const all = measured === null ? fresh : joined(unit, fresh, text.decided, measured);
  return all.flatMap((shown) => {
    const severity = levelOf(shown.finding.rule, shown.finding.severity, levels);
    return severity === null ? [] : [{ ...shown, finding: { ...shown.finding, severity } }];
  });
}

function joined(
  unit: string,
  fresh: readonly ShownFinding[],
  decided: readonly RuleId[],
  measured: MeasuredVerdict,
): readonly ShownFinding[] {
  const seen = measured.findings.map((finding): ShownFinding => ({ finding, stale: measured.stale, unit }));
  if (measured.stale) return [...fresh, ...seen.filter(({ finding }) => !decided.includes(finding.rule))];
  const rules = new Set(seen.map(({ finding }) => finding.rule));
  return [...seen, ...fresh.filter(({ finding }) => !rules.has(finding.rule))];
}

/** Rules that a finding of the same unit names as the consequence of another are said to follow from it. */
export function fullMessage(shown: ShownFinding): string {
  const { finding, stale } = shown;
  const causes = finding.causes.length > 0 ? `\nFollows from ${finding.causes.join(', ')}.` : '';
  const note = stale ? 'Stale: the script or its data changed since this was measured. ' : '';
  return `${note}${finding.message}${causes}`;
}
