import type { RuleLevels } from '../../protocol/projectSettings';
import type { Experiment } from '../../records/experiment';
import type { AcceptedValues } from '../../records/given';
import type { Reason, SourceRange } from '../../records/source';
import { fingerprint } from './fingerprint';
import type { ShownFinding, StaticVerdict } from './findings';
import { shownFindings } from './findings';
import type { Hyperparameter } from './hyperparameters';
import { hyperparameters } from './hyperparameters';
import type { Follow } from './movedPaths';
import type { TextChange } from './ranges';
import { shiftFinding, shiftThrough } from './ranges';
import type { ReadFile, RunRecord } from './runRecord';
import type { Compared } from './trustLine';
import type { Suppression, UnusedSuppression } from '../../protocol/suppressions';
import { isSilenced, unusedSuppressions } from '../../protocol/suppressions';

/** What one reading of a script's text gave. */
export interface ScriptReading {
  readonly units: readonly { readonly experiment: Experiment; readonly verdict: StaticVerdict }[];
  readonly suppressions: readonly Suppression[];
  /** What its command line takes. */
  readonly commandLine: AcceptedValues;
  /** True when the text has a syntax error: then the last good reading stays. */
  readonly isBroken: boolean;
}

/** A training unit of an open script, with its places in the present text. */
export interface Unit {
  readonly key: string;
  readonly name: string;
  readonly path: string;
  readonly experiment: Experiment;
  readonly fingerprint: string;
  /** Where the lens stands. */
  range: SourceRange;
  hyperparameters: readonly Hyperparameter[];
  /** What could not be read. */
  unread: readonly Reason[];
  verdict: StaticVerdict;
}

/** What kept a training unit from being trained. */
export interface Obstacle {
  readonly unit: string;
  readonly reason: Reason;
  /** True when it was run on made-up data in place of its own. */
  readonly isStandIn: boolean;
}

/** How the person's settings bear on what is shown of a script. */
export interface ShowOptions {
  readonly levels: RuleLevels;
  /** False when runs are switched off. */
  readonly mayRun: boolean;
}

/** An open script. */
export interface Script {
  readonly path: string;
  units: readonly Unit[];
  suppressions: readonly Suppression[];
  readonly commandLine: AcceptedValues;
  options: ShowOptions;
  isBroken: boolean;
}

/** A comparison with PyTorch, with what it was made of. */
export interface ComparisonRecord {
  readonly comparison: Compared['comparison'];
  /** Of the Experiment that was compared. */
  readonly fingerprint: string;
  /** Data files that were read for it. */
  readonly files: readonly ReadFile[];
  /** True once one of them has changed. */
  dataChanged: boolean;
}

export function unitKey(path: string, name: string): string {
  return `${path}#${name}`;
}

/**
 * All open scripts with their training units and runs: the one place that knows what is shown. Everything that
 * draws reads from here and is told by `onChange`; nothing here knows the editor.
 */
export class Scripts {
  private readonly scripts = new Map<string, Script>();
  private readonly records = new Map<string, RunRecord>();
  private readonly comparisons = new Map<string, ComparisonRecord>();
  private readonly closedTexts = new Map<string, string>();
  private readonly listeners = new Set<(path: string) => void>();

  onChange(listener: (path: string) => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  get(path: string): Script | undefined {
    return this.scripts.get(path);
  }

  get paths(): readonly string[] {
    return [...this.scripts.keys()];
  }

  unit(key: string): Unit | undefined {
    for (const script of this.scripts.values()) for (const unit of script.units) if (unit.key === key) return unit;
    return undefined;
  }

  record(key: string): RunRecord | null {
    return this.records.get(key) ?? null;
  }

  /** All runs, also of scripts that are closed now. */
  get allRecords(): ReadonlyMap<string, RunRecord> {
    return this.records;
  }

  /** Call it when a script is opened: runs of another text than the one that was closed have no places here. */
  open(path: string, text: string): void {
    const closed = this.closedTexts.get(path);
    this.closedTexts.delete(path);
    if (closed === undefined || closed === text) return;
    for (const [key, record] of this.records) if (pathOf(key) === path && !record.isRunning) this.records.delete(key);
  }

  /** Takes over a new reading of the whole text; one with a syntax error changes nothing but the mark. */
  update(path: string, reading: ScriptReading, options: ShowOptions): void {
    const old = this.scripts.get(path);
    if (reading.isBroken && old) {
      old.isBroken = true;
      old.options = options;
    } else {
      const units = reading.units.map(({ experiment, verdict }) => makeUnit(path, experiment, verdict));
      const { suppressions, commandLine, isBroken } = reading;
      this.scripts.set(path, { path, units, suppressions, commandLine, options, isBroken });
      for (const unit of units) {
        const record = this.records.get(unit.key);
        if (record) record.textChanged = record.fingerprint !== unit.fingerprint;
      }
    }
    this.changed(path);
  }

  /** Moves everything that is shown along with an edit, until the next reading. */
  edit(path: string, changes: readonly TextChange[]): void {
    const script = this.scripts.get(path);
    if (script) {
      for (const unit of script.units) shiftUnit(unit, changes);
      script.suppressions = script.suppressions.flatMap((suppression) => {
        const range = shiftThrough(suppression.range, changes);
        return range ? [{ ...suppression, range, line: suppression.line + range.line - suppression.range.line }] : [];
      });
    }
    for (const [key, record] of this.records) if (pathOf(key) === path) record.edit(changes);
  }

  /** Forgets a closed script but for its runs, which count again when the same text is opened. */
  close(path: string, text: string): void {
    if (!this.scripts.delete(path)) return;
    this.closedTexts.set(path, text);
    this.changed(path);
  }

  /** Forgets what was measured of scripts whose files are gone. */
  forget(isGone: (path: string) => boolean): void {
    const keys = [...this.records.keys(), ...this.comparisons.keys()].filter((key) => isGone(pathOf(key)));
    for (const key of keys) {
      this.records.delete(key);
      this.comparisons.delete(key);
    }
    for (const path of [...this.closedTexts.keys()]) if (isGone(path)) this.closedTexts.delete(path);
    for (const path of new Set(keys.map(pathOf))) this.changed(path);
  }

  /** Takes ended runs to the new paths of their scripts; they count there for the same text. */
  move(follow: Follow): void {
    for (const [key, record] of [...this.records]) {
      const path = follow(pathOf(key));
      if (path === null || record.isRunning) continue;
      record.move(follow);
      const now = path + key.slice(pathOf(key).length);
      const unit = this.unit(now);
      if (unit) record.textChanged = record.fingerprint !== unit.fingerprint;
      this.records.delete(key);
      this.records.set(now, record);
      this.changed(pathOf(key));
      this.changed(path);
    }
    for (const [old, text] of [...this.closedTexts]) {
      const path = follow(old);
      if (path === null) continue;
      this.closedTexts.delete(old);
      this.closedTexts.set(path, text);
    }
  }

  setRecord(key: string, record: RunRecord | null): void {
    if (record) this.records.set(key, record);
    else this.records.delete(key);
    this.changed(pathOf(key));
  }

  setComparison(key: string, record: ComparisonRecord | null): void {
    if (record) this.comparisons.set(key, record);
    else this.comparisons.delete(key);
    this.changed(pathOf(key));
  }

  get allComparisons(): ReadonlyMap<string, ComparisonRecord> {
    return this.comparisons;
  }

  /** The last comparison of a unit with PyTorch; null before the first. */
  comparedWith(unit: Unit): Compared | null {
    const record = this.comparisons.get(unit.key);
    return record
      ? { comparison: record.comparison, stale: record.dataChanged || record.fingerprint !== unit.fingerprint }
      : null;
  }

  changed(path: string): void {
    for (const listener of this.listeners) listener(path);
  }

  /** What is shown for one unit. */
  findingsOf(unit: Unit): readonly ShownFinding[] {
    const suppressions = this.scripts.get(unit.path)?.suppressions ?? [];
    return this.allFindingsOf(unit).filter(({ finding }) => !isSilenced(finding, suppressions));
  }

  /** Why units of a script were not trained although they were asked to, or lack a value that the person can give, each at its place. */
  obstacles(path: string): readonly Obstacle[] {
    return (this.scripts.get(path)?.units ?? []).flatMap((unit): Obstacle[] => {
      const asked = unit.unread.filter(({ missing }) => missing?.kind === 'value');
      if (asked.length > 0) return asked.map((reason) => ({ unit: unit.name, reason, isStandIn: false }));
      const record = this.records.get(unit.key);
      const reason =
        record?.phase === 'done' && !record.stale && record.report.status !== 'measured' ? record.report.reason : null;
      return reason ? [{ unit: unit.name, reason, isStandIn: record?.report.standIn === true }] : [];
    });
  }

  /** Comments of a script that silence nothing, among the rules that were decided for all of its units. */
  unusedSuppressions(path: string): readonly UnusedSuppression[] {
    const script = this.scripts.get(path);
    if (!script || script.isBroken || script.suppressions.length === 0 || script.units.length === 0) return [];
    const findings = script.units.flatMap((unit) => this.allFindingsOf(unit).map(({ finding }) => finding));
    const [first, ...others] = script.units.map((unit) => this.decidedRules(unit));
    const decided = new Set([...(first ?? [])].filter((rule) => others.every((set) => set.has(rule))));
    return unusedSuppressions(script.suppressions, findings, decided);
  }

  private allFindingsOf(unit: Unit): readonly ShownFinding[] {
    const record = this.records.get(unit.key);
    const measured = record ? { findings: record.report.findings, stale: record.stale } : null;
    return shownFindings(unit.name, unit.verdict, measured, this.scripts.get(unit.path)?.options.levels ?? {});
  }

  private decidedRules(unit: Unit): ReadonlySet<string> {
    const record = this.records.get(unit.key);
    const decided = new Set<string>(unit.verdict.decided);
    if (record?.phase === 'done' && !record.stale) {
      for (const rule of record.report.passed) decided.add(rule);
      for (const finding of record.report.findings) decided.add(finding.rule);
    }
    return decided;
  }

  /** What is shown in one script, each finding once even when several units share its place. */
  findingsIn(path: string): readonly ShownFinding[] {
    const seen = new Set<string>();
    const units = this.scripts.get(path)?.units ?? [];
    return units.flatMap((unit) =>
      this.findingsOf(unit).filter(({ finding }) => {
        const id = [finding.rule, finding.range.path, finding.range.line, finding.range.column, finding.message].join(':');
        return !seen.has(id) && seen.add(id);
      }),
    );
  }
}

function pathOf(key: string): string {
  return key.slice(0, key.lastIndexOf('#'));
}

function makeUnit(path: string, experiment: Experiment, verdict: StaticVerdict): Unit {
  const { name, range } = experiment.unit;
  return {
    key: unitKey(path, name),
    name,
    path,
    experiment,
    fingerprint: fingerprint(experiment),
    range,
    hyperparameters: hyperparameters(experiment),
    unread: experiment.unread,
    verdict,
  };
}

function shiftUnit(unit: Unit, changes: readonly TextChange[]): void {
  unit.range = shiftThrough(unit.range, changes) ?? unit.range;
  unit.hyperparameters = unit.hyperparameters.flatMap((parameter) => {
    const place = shiftThrough(parameter.place, changes);
    const chain = parameter.chain.map((range) => shiftThrough(range, changes)).filter((range) => range !== null);
    return place ? [{ ...parameter, place, chain }] : [];
  });
  unit.unread = unit.unread.flatMap((reason) => {
    const range = shiftThrough(reason.range, changes);
    return range ? [{ ...reason, range }] : [];
  });
  const findings = unit.verdict.findings.map((finding) => shiftFinding(finding, changes)).filter((finding) => finding !== null);
  unit.verdict = { ...unit.verdict, findings };
}
