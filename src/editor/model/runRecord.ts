import type { DiagnoseEvent, DiagnoseParameters, Phase } from '../../protocol/diagnosis';
import type { DataStatistics } from '../../records/dataset';
import type { Experiment } from '../../records/experiment';
import type { Finding } from '../../records/finding';
import type { RunSummary } from '../../records/measurement';
import type { UnitReport } from '../../records/report';
import { Columns } from './columns';
import { fingerprint } from './fingerprint';
import { withMovedPaths, type Follow } from './movedPaths';
import type { TextChange } from './ranges';
import { shiftFinding, shiftThrough } from './ranges';

/** How a run stands: a phase of the engine's, or how it ended. */
export type RunPhase = Phase | 'cancelled' | 'failed';

/** A file that the run read, as it was then: modification time in ms. */
export interface ReadFile {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}

/**
 * One run of a training unit, from its request on: what came so far, in places of the present text.
 * It lives in the extension host; a panel that comes back is filled from here.
 */
export class RunRecord {
  readonly columns = new Columns();
  phase: RunPhase = 'loading';
  fraction = 0;
  text = 'Waiting for the engine';
  run: RunSummary | null = null;
  statistics: DataStatistics | null = null;
  /** True while the text says something else than what was measured. */
  textChanged = false;
  /** True once a file that was read has changed. */
  dataChanged = false;
  files: readonly ReadFile[] = [];
  /** What the engine was asked; null until then. */
  parameters: DiagnoseParameters | null = null;
  /** When it was asked for, in ms of the process's clock: for telling how long it will take, and nothing else. */
  private readonly began = performance.now();
  private readonly changes: TextChange[] = [];
  private current: UnitReport;
  private said: Experiment;
  private key: string;

  constructor(experiment: Experiment) {
    this.said = experiment;
    this.key = fingerprint(experiment);
    const { unit, assumptions, parts } = experiment;
    const nothing = { reason: null, run: null, findings: [], passed: [], undecided: [], measurements: {} };
    this.current = { name: unit.name, range: unit.range, status: 'static', assumptions, parts, ...nothing };
  }

  /** What is trained, in places of the text at the run's start. */
  get experiment(): Experiment {
    return this.said;
  }

  /** Of that Experiment. */
  get fingerprint(): string {
    return this.key;
  }

  /** What is known so far; complete once `phase` is `done`. */
  get report(): UnitReport {
    return this.current;
  }

  /** True when the findings no longer speak of this script and its data. */
  get stale(): boolean {
    return this.textChanged || this.dataChanged;
  }

  get isRunning(): boolean {
    return this.phase !== 'done' && this.phase !== 'cancelled' && this.phase !== 'failed';
  }

  /** Since it was asked for. */
  get elapsedSeconds(): number {
    return (performance.now() - this.began) / 1000;
  }

  accept(event: DiagnoseEvent): void {
    switch (event.kind) {
      case 'phase':
        this.phase = event.phase === 'done' ? this.phase : event.phase;
        this.fraction = event.fraction;
        this.text = event.text;
        break;
      case 'data':
        this.statistics = event.statistics;
        this.files = event.files ?? [];
        this.current = { ...this.current, assumptions: [...this.experiment.assumptions, ...event.assumptions] };
        break;
      case 'measurements':
        this.columns.append(event.batch);
        break;
      case 'run':
        this.run = event.run;
        this.current = { ...this.current, run: event.run };
        break;
      case 'findings':
        this.current = this.inPresentText(
          { ...this.current, findings: event.findings, passed: event.passed, undecided: event.undecided },
          this.changes,
        );
        break;
    }
  }

  /** The final report, with places of the text at the run's start. */
  finish(report: UnitReport): void {
    this.current = this.inPresentText(report, this.changes);
    this.run = report.run ?? this.run;
    this.phase = 'done';
    this.fraction = 1;
    this.text = '';
    this.changes.length = 0;
  }

  /** Ends the run early; what was measured stays. */
  stop(phase: 'cancelled' | 'failed', text: string): void {
    this.phase = phase;
    this.text = text;
    this.changes.length = 0;
  }

  /** Moves all places along with an edit. */
  edit(changes: readonly TextChange[]): void {
    if (this.isRunning) this.changes.push(...changes);
    this.current = this.inPresentText(this.current, changes);
  }

  /** Takes all places along with files that were moved. */
  move(follow: Follow): void {
    this.said = withMovedPaths(this.said, follow);
    this.key = fingerprint(this.said);
    this.current = withMovedPaths(this.current, follow);
    this.files = withMovedPaths(this.files, follow);
    this.parameters = withMovedPaths(this.parameters, follow);
  }

  private inPresentText(report: UnitReport, changes: readonly TextChange[]): UnitReport {
    if (changes.length === 0) return report;
    const findings = report.findings
      .map((finding) => shiftFinding(finding, changes))
      .filter((finding): finding is Finding => finding !== null);
    const assumptions = report.assumptions.map((assumption) => ({
      ...assumption,
      range: shiftThrough(assumption.range, changes) ?? assumption.range,
    }));
    const reason = report.reason && {
      ...report.reason,
      range: shiftThrough(report.reason.range, changes) ?? report.reason.range,
    };
    return { ...report, findings, assumptions, reason, range: shiftThrough(report.range, changes) ?? report.range };
  }
}

/** What is left of a run that the person stopped. */
export function cancelledText({ columns }: Pick<RunRecord, 'columns'>): string {
  return columns.sequence < 0 ? 'Cancelled before anything was measured.' : 'Cancelled: what was measured until then is kept.';
}
