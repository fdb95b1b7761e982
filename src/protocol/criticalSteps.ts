import type { Finding, RuleId } from '../records/finding';

/** Rules whose findings are about a point of the loss surface that can be looked at. */
const rules: ReadonlySet<RuleId> = new Set(['saddle-point', 'plateau', 'local-minimum', 'at-maximum']);

/** The step at which a finding about a critical point stands; null for other findings. */
export function criticalStep(finding: Finding): number | null {
  if (!rules.has(finding.rule)) return null;
  return finding.evidence[finding.evidence.length - 1]?.step ?? null;
}
