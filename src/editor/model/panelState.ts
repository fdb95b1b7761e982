import type { PanelState } from '../../protocol/panel';
import { frameworkNames } from '../../records/experiment';
import type { RuleId } from '../../records/finding';
import { optimizerNames } from '../../records/optimizer';
import type { UnitReport } from '../../records/report';
import type { ShownFinding } from './findings';
import type { RunRecord } from './runRecord';
import type { Unit } from './scripts';
import { trustLine, type Compared } from './trustLine';

/** What the panel shows of a unit: its run if there is one, else what the text alone says. */
export function panelState(input: {
  readonly unit: Unit | null;
  readonly record: RunRecord | null;
  readonly shown: readonly ShownFinding[];
  /** Runs that come before this unit's, which waits; null when it does not wait. */
  readonly waitsFor: number | null;
  readonly isTrusted: boolean;
  /** The unit's last comparison with PyTorch. */
  readonly compared?: Compared | null;
  readonly isComparing?: boolean;
  /** The cells of the unit's notebook; null for a plain file. */
  readonly cells?: NonNullable<PanelState['unit']>['cells'] | null;
}): PanelState {
  const { unit, record } = input;
  const experiment = unit?.experiment ?? record?.experiment;
  if (!experiment) return emptyState;
  const { path, name, framework } = experiment.unit;
  const report = reportOf(unit, record);
  const findings = unit ? input.shown.map((one) => one.finding) : (report?.findings ?? []);
  const known = report && { ...report, findings, measurements: {} };
  return {
    unit: {
      path,
      name,
      framework: frameworkNames[framework],
      optimizer: experiment.optimizer ? optimizerNames[experiment.optimizer.kind] : 'no optimizer read',
      ...(input.cells && { cells: input.cells }),
    },
    phase: input.waitsFor !== null ? 'waiting' : (record?.phase ?? 'idle'),
    fraction: record?.fraction ?? 0,
    text: stateText(input),
    report: known,
    stale: record?.stale ?? false,
    trust: known ? trustLine(known, input.compared ?? null, false) : '',
    ...comparingState(input, framework),
  };
}

/** What a run has to tell; until it has a verdict, what the text alone says. */
function reportOf(unit: Unit | null, record: RunRecord | null): UnitReport | null {
  if (!unit || !record) return record?.report ?? (unit && staticReport(unit));
  const { report } = record;
  return report.passed.length + report.undecided.length > 0 ? report : { ...report, passed: staticReport(unit).passed };
}

/** Only what PyTorch trains can be compared with it, and only in a trusted folder. */
function comparingState(
  { unit, isTrusted, isComparing, compared }: Parameters<typeof panelState>[0],
  framework: string,
): Pick<PanelState, 'comparing'> {
  if (isComparing === true) return { comparing: 'running' };
  // What could not be read whole cannot be followed in PyTorch either.
  if (!unit || !isTrusted || framework !== 'pytorch' || unit.experiment.unread.length > 0) return {};
  return { comparing: compared ? 'again' : 'offered' };
}

/** What a panel shows before any unit was chosen. */
export const emptyState: PanelState = {
  unit: null,
  phase: 'idle',
  fraction: 0,
  text: 'Open a training script and choose Diagnose above its optimizer.',
  report: null,
  stale: false,
  trust: '',
};

function stateText({
  record,
  waitsFor,
  isTrusted,
}: {
  readonly record: RunRecord | null;
  readonly waitsFor: number | null;
  readonly isTrusted: boolean;
}): string {
  if (!isTrusted) return 'Scripts are only read until this folder is trusted.';
  if (waitsFor !== null) return waitsFor === 1 ? 'Waiting for another run to end.' : `Waiting: ${waitsFor} runs come first.`;
  if (!record) return 'Not run yet.';
  // The reason of a report has its own place.
  if (record.phase === 'done') return '';
  return record.text;
}

/** The report of a unit that was only read. */
function staticReport(unit: Unit): UnitReport {
  const { experiment, verdict, name, range } = unit;
  const found = new Set<RuleId>(verdict.findings.map(({ rule }) => rule));
  return {
    name,
    range,
    status: 'static',
    reason: experiment.unread[0] ?? null,
    assumptions: experiment.assumptions,
    run: null,
    findings: verdict.findings,
    passed: verdict.decided.filter((rule) => !found.has(rule)),
    undecided: [],
    measurements: {},
    parts: experiment.parts,
  };
}
