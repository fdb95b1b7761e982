import { judge, type Verdict } from '../diagnosis/judge';
import { allRules } from '../diagnosis/registry';
import type { DiagnoseParameters } from '../protocol/diagnosis';
import type { Dataset } from '../records/dataset';
import type { Experiment } from '../records/experiment';
import type { UnitReport, UnitStatus } from '../records/report';
import type { Assumption, Reason } from '../records/source';
import { readiness } from './readiness';

/** A unit's report before anything was judged. `more`: what loading the data assumed. */
export function reportBase(
  experiment: Experiment,
  status: UnitStatus,
  reason: Reason | null,
  more: readonly Assumption[],
): UnitReport {
  return {
    name: experiment.unit.name,
    range: experiment.unit.range,
    status,
    reason,
    assumptions: [...experiment.assumptions, ...more],
    run: null,
    findings: [],
    passed: [],
    undecided: [],
    measurements: {},
    parts: experiment.parts,
  };
}

export const verdictPart = (verdict: Verdict): Pick<UnitReport, 'findings' | 'passed' | 'undecided'> => ({
  findings: verdict.findings,
  passed: verdict.passed,
  undecided: verdict.undecided,
});

/** What the text, and the data when they are there, tell without a run. */
export function untrainedReport(
  { experiment, texts, options }: DiagnoseParameters,
  status: UnitStatus,
  reason: Reason | null,
  dataset: Dataset | null,
): UnitReport {
  const verdict = judge(
    allRules,
    {
      experiment,
      statistics: dataset?.statistics ?? null,
      run: null,
      measurements: {},
      trials: new Map(),
      baseline: null,
      texts,
    },
    { off: options.off },
  );
  return { ...reportBase(experiment, status, reason, dataset?.assumptions ?? []), ...verdictPart(verdict) };
}

/** The report of a unit by its text alone: what `--static` and an untrusted workspace get. */
export function readOnlyReport(parameters: DiagnoseParameters): UnitReport {
  const { status, reason } = readiness(parameters.experiment);
  const unasked = { text: 'Only the text was read; nothing was run.', range: parameters.experiment.unit.range };
  return untrainedReport(parameters, status === 'unread' ? 'unread' : 'static', reason ?? unasked, null);
}
