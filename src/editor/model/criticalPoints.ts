import type { Finding, RuleId } from '../../records/finding';
import type { RunRecord } from './runRecord';

/** Rules whose findings are about a point of the loss surface that can be looked at. */
const rules: ReadonlySet<RuleId> = new Set(['saddle-point', 'plateau', 'local-minimum', 'at-maximum']);

/** The step at which a finding about a critical point stands; null for other findings. */
export function criticalStep(finding: Finding): number | null {
  if (!rules.has(finding.rule)) return null;
  return finding.evidence[finding.evidence.length - 1]?.step ?? null;
}

/** The point that is worth a look in a unit's last run. `nearest`: the critical point that is nearest to the step. */
export interface CriticalPoint {
  readonly step: number;
  readonly nearest: boolean;
}

/** That of the first finding about one, else the nearest to the end of the run; null without a run. */
export function criticalPoint(record: RunRecord | null, findings: readonly Finding[]): CriticalPoint | null {
  if (!record?.run) return null;
  const step = findings.map(criticalStep).find((one) => one !== null);
  return step === undefined ? { step: record.run.steps, nearest: true } : { step, nearest: false };
}
