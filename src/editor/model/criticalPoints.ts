import { criticalStep } from '../../protocol/criticalSteps';
import type { Finding } from '../../records/finding';
import type { RunRecord } from './runRecord';

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
