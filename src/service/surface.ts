import type { CancelToken } from '../base/cancel';
import { inspect } from '../probe/inspect/inspect';
import { UnitBench } from '../probe/inspect/unitBench';
import type { Surroundings } from '../probe/session';
import { criticalStep } from '../protocol/criticalSteps';
import { withNews, type InspectionLog, type InspectionNews } from '../protocol/inspection';
import type { DiagnoseEvent, DiagnoseParameters } from '../protocol/diagnosis';
import type { UnitReport } from '../records/report';

/**
 * The loss surface at the point of a unit's run that is worth a look: where a finding names a critical point, else the last step. Null
 * where nothing was measured, or the point cannot be looked at.
 */
export async function surfaceOf(
  unit: UnitReport,
  parameters: DiagnoseParameters,
  surroundings: Surroundings,
  tell: (event: DiagnoseEvent) => void,
  cancel: CancelToken,
): Promise<InspectionLog | null> {
  const { run, findings } = unit;
  if (unit.status !== 'measured' || run === null || run.nonFinite !== null) return null;
  const step = findings.map(criticalStep).find((one) => one !== null) ?? run.steps;
  const bench = new UnitBench();
  let log: InspectionLog | null = null;
  const hear = (news: InspectionNews): void => {
    log = withNews(log, news);
    if (news.kind === 'progress')
      tell({ kind: 'phase', phase: 'done', fraction: news.fraction, text: `the loss surface: ${news.text}` });
  };
  hear({ kind: 'start', step, nearest: false });
  const { status, reason } = await inspect({ ...parameters, step, nearest: false }, surroundings, bench, hear, cancel);
  bench.dispose();
  hear({ kind: 'end', status, text: reason ?? '' });
  return status === 'done' ? log : null;
}
