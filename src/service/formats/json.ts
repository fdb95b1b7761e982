import type { Finding, Fix } from '../../records/finding';
import { quantities, type Measurements, type QuantityName, type Series } from '../../records/measurement';
import type { UnitReport } from '../../records/report';
import type { SourceRange } from '../../records/source';
import type { FileReport } from '../check';

/** Version of the JSON report's form. */
export const reportVersion = 1;

/** Writes a path of the report; the file asked for comes out as it was given. */
type PathWriter = (path: string) => string;

/** The report as JSON, as the contract of the command line has it. Values that are not finite are null. */
export function formatJson(files: readonly FileReport[], writePath: PathWriter): string {
  const report = {
    version: reportVersion,
    files: files.map((file) => ({
      path: file.given,
      ...(file.syntaxErrors.length === 0
        ? {}
        : { syntaxErrors: file.syntaxErrors.map(({ text, range }) => ({ text, ...placeOf(range, writePath) })) }),
      units: file.units.map((unit) => unitJson(unit, writePath)),
    })),
  };
  return JSON.stringify(report, null, 2);
}

const placeOf = ({ path, line }: SourceRange, writePath: PathWriter): { path: string; line: number } => ({
  path: writePath(path),
  line,
});

const rangeOf = (range: SourceRange, writePath: PathWriter): SourceRange => ({
  path: writePath(range.path),
  line: range.line,
  column: range.column,
  endLine: range.endLine,
  endColumn: range.endColumn,
});

function unitJson(unit: UnitReport, writePath: PathWriter): object {
  const { run } = unit;
  return {
    name: unit.name,
    line: unit.range.line,
    status: unit.status,
    ...(unit.reason ? { reason: { text: unit.reason.text, ...placeOf(unit.reason.range, writePath) } } : {}),
    assumptions: unit.assumptions.map(({ text, range }) => ({ text, ...placeOf(range, writePath) })),
    ...(run
      ? {
          run: {
            steps: run.steps,
            ofSteps: run.ofSteps,
            rows: run.rows,
            ofRows: run.ofRows,
            stoppedBy: run.stoppedBy,
            seconds: run.seconds,
            measuringShare: run.measuringShare,
          },
        }
      : {}),
    findings: unit.findings.map((finding) => findingJson(finding, writePath)),
    passed: unit.passed,
    undecided: unit.undecided,
    measurements: measurementsJson(unit.measurements),
  };
}

function findingJson(finding: Finding, writePath: PathWriter): object {
  return {
    rule: finding.rule,
    severity: finding.severity,
    ...rangeOf(finding.range, writePath),
    message: finding.message,
    evidence: finding.evidence,
    related: finding.related.map(({ path, line, column, message }) => ({ path: writePath(path), line, column, message })),
    causes: finding.causes,
    fixes: finding.fixes.map((fix) => fixJson(fix, writePath)),
  };
}

const fixJson = (fix: Fix, writePath: PathWriter): object => ({
  title: fix.title,
  edits: fix.edits.map((edit) => ({ ...rangeOf(edit, writePath), newText: edit.newText })),
  ...(fix.verified ? { verified: fix.verified } : {}),
});

function measurementsJson(measurements: Measurements): object {
  return Object.fromEntries(
    (Object.entries(measurements) as [string, Series][]).map(([quantity, series]) => [
      quantity,
      {
        steps: Array.from(series.steps),
        values: Array.from(series.values, (value) => (Number.isFinite(value) ? Number(value.toPrecision(7)) : null)),
        unit: quantities[quantity.split('/')[0] as QuantityName].unit,
      },
    ]),
  );
}
