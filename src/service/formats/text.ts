import { trialChange } from '../../protocol/trialWords';
import type { Finding, Severity } from '../../records/finding';
import type { UnitReport } from '../../records/report';
import type { FileReport } from '../check';
import { lineWords, type Placing } from './places';

/** Wraps text in a terminal colour; the identity when colours are off. */
type Paint = (code: number, text: string) => string;

const colours: Readonly<Record<Severity, number>> = { error: 31, warning: 33, information: 36, hint: 90 };

/** The report for people, one block a training unit. */
export function formatText(files: readonly FileReport[], placing: Placing, colour: boolean): string {
  const paint: Paint = colour ? (code, text) => `\u001b[${code}m${text}\u001b[0m` : (_, text) => text;
  const blocks = files.flatMap((file) => [
    paint(1, file.given),
    ...file.syntaxErrors.map((error) => `  ${lineWords(placing(error.range))}: ${error.text}`),
    ...(file.units.length === 0 ? ['  no training unit (an optimizer with its training loop) was found'] : []),
    ...file.units.map((unit) => unitText(unit, placing, paint)),
    ...file.unused.map(
      ({ suppression, rules }) =>
        `  ${lineWords(placing(suppression.range))}: the comment ignores ${rules.join(', ')}, which found nothing there`,
    ),
    '',
  ]);
  return [...blocks, totals(files)].join('\n');
}

function unitText(unit: UnitReport, placing: Placing, paint: Paint): string {
  const lines = [`  ${paint(1, unit.name)} (${lineWords(placing(unit.range))}): ${statusText(unit, placing)}`];
  for (const finding of unit.findings) lines.push(...findingLines(finding, placing, paint));
  for (const assumption of unit.assumptions)
    lines.push(`    assumed, ${lineWords(placing(assumption.range))}: ${assumption.text}`);
  if (unit.passed.length > 0) lines.push(paint(90, `    passed: ${unit.passed.join(', ')}`));
  for (const { rule, needs } of unit.undecided) lines.push(paint(90, `    undecided: ${rule} (${needs})`));
  return lines.join('\n');
}

function statusText({ status, run, reason, standIn }: UnitReport, placing: Placing): string {
  if (run) {
    const share = Math.round(run.measuringShare * 100);
    const cut = run.stoppedBy === 'plan' ? '' : `, stopped by ${run.stoppedBy}`;
    return `${status}${standIn === true ? ' on stand-in data' : ''}, ${run.steps} of ${run.ofSteps} steps on ${run.rows} of ${run.ofRows} rows in ${run.seconds.toFixed(1)} s (${share} % of it measuring)${cut}`;
  }
  return reason ? `${status}: ${reason.text} (${lineWords(placing(reason.range))})` : status;
}

function findingLines(finding: Finding, placing: Placing, paint: Paint): string[] {
  const { cell, line, column } = placing(finding.range);
  const place = `${cell === undefined ? '' : `cell ${cell}, `}${line}:${column}`;
  const lines = [
    `    ${place} ${paint(colours[finding.severity], finding.severity)} ${paint(1, finding.rule)}: ${finding.message}`,
  ];
  for (const fix of finding.fixes) {
    const tried = fix.verified;
    const verdict = tried
      ? `tried over ${tried.steps} steps on ${tried.seeds} seed${tried.seeds === 1 ? '' : 's'}: ${trialChange(tried, tried.quantity, number)}`
      : 'not tried';
    lines.push(`      fix: ${fix.title} (${verdict})`);
  }
  return lines;
}

const number = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(3))) : 'not finite');

function totals(files: readonly FileReport[]): string {
  const findings = files.flatMap((file) => file.units.flatMap((unit) => unit.findings));
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  const part = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
  return `${part(count('error'), 'error')}, ${part(count('warning'), 'warning')} in ${part(files.length, 'file')}`;
}
