import type { Finding, Fix } from '../../records/finding';
import { quantities, type Measurements, type QuantityName, type Series } from '../../records/measurement';
import type { UnitReport } from '../../records/report';
import type { FileReport } from '../check';
import type { Place, Placing } from './places';

/** Version of the JSON report's form. */
export const reportVersion = 1;

/**
 * The report as JSON, as the contract of the command line has it. Values that are not finite are null. In a notebook
 * lines count within the cell that is given beside them.
 */
export function formatJson(files: readonly FileReport[], placing: Placing): string {
  const report = {
    version: reportVersion,
    files: files.map((file) => ({
      path: file.given,
      ...(file.syntaxErrors.length === 0
        ? {}
        : { syntaxErrors: file.syntaxErrors.map(({ text, range }) => ({ text, ...lineOf(placing(range)) })) }),
      units: file.units.map((unit) => unitJson(unit, placing)),
    })),
  };
  return JSON.stringify(report, null, 2);
}

const cellOf = ({ cell }: Place): object => (cell === undefined ? {} : { cell });

const lineOf = (place: Place): object => ({ path: place.path, ...cellOf(place), line: place.line });

const rangeOf = (place: Place): object => ({
  path: place.path,
  ...cellOf(place),
  line: place.line,
  column: place.column,
  endLine: place.endLine,
  endColumn: place.endColumn,
});

function unitJson(unit: UnitReport, placing: Placing): object {
  const { run } = unit;
  const place = placing(unit.range);
  return {
    name: unit.name,
    ...cellOf(place),
    line: place.line,
    status: unit.status,
    ...(unit.standIn === true ? { standIn: true } : {}),
    ...(unit.reason ? { reason: { text: unit.reason.text, ...lineOf(placing(unit.reason.range)) } } : {}),
    assumptions: unit.assumptions.map(({ text, range }) => ({ text, ...lineOf(placing(range)) })),
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
    findings: unit.findings.map((finding) => findingJson(finding, placing)),
    passed: unit.passed,
    undecided: unit.undecided,
    measurements: measurementsJson(unit.measurements),
  };
}

function findingJson(finding: Finding, placing: Placing): object {
  return {
    rule: finding.rule,
    severity: finding.severity,
    ...rangeOf(placing(finding.range)),
    message: finding.message,
    evidence: finding.evidence,
    related: finding.related.map((related) => {
      const place = placing(related);
      return { ...lineOf(place), column: place.column, message: related.message };
    }),
    causes: finding.causes,
    fixes: finding.fixes.map((fix) => fixJson(fix, placing)),
  };
}

const fixJson = (fix: Fix, placing: Placing): object => ({
  title: fix.title,
  edits: fix.edits.map((edit) => ({ ...rangeOf(placing(edit)), newText: edit.newText })),
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
