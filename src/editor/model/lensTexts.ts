import type { UnitReport } from '../../records/report';
import type { Severity } from '../../records/finding';
import type { Experiment } from '../../records/experiment';
import type { RunRecord } from './runRecord';
import type { ShownFinding } from './findings';
import { optimizerNames } from '../../records/optimizer';
import { criticalStep } from '../../protocol/criticalSteps';
import { brief, counted, percent } from './format';
import { timeLeft } from './longRun';
import { missingValues } from './missing';

/** What the lens above a training unit says and what a click on each part does. */
export interface LensText {
  readonly action: 'run' | 'cancel' | 'panel' | 'trust' | 'inspect' | 'give';
  readonly title: string;
  readonly tooltip: string;
}

export interface LensInput {
  readonly experiment: Experiment;
  readonly record: RunRecord | null;
  /** Runs that come before this unit's, which waits; null when it does not wait. */
  readonly waitsFor: number | null;
  /** It is this unit's turn; true also before its run has a record of its own. */
  readonly isRunning?: boolean;
  readonly isTrusted: boolean;
  /** False when the settings switch runs off. */
  readonly mayRun: boolean;
  readonly shown: readonly ShownFinding[];
}

/** Parts of the lens from left to right: run or cancel, then the last verdict, which opens the panel. */
export function lensTexts(input: LensInput): readonly LensText[] {
  const { experiment, record, waitsFor, isTrusted, mayRun } = input;
  const subject = [experiment.unit.name, experiment.optimizer?.name ? optimizerName(experiment) : ''].filter(Boolean).join(' · ');
  const panel = (title: string): LensText => ({ action: 'panel', title, tooltip: `Open the panel of ${subject}` });
  if (!isTrusted)
    return [
      { action: 'trust', title: '$(shield) Trust this folder to diagnose', tooltip: 'Until then scripts are only read.' },
      panel(verdict(input)),
    ];
  if (!mayRun) return [panel(verdict(input))];
  if (waitsFor !== null)
    return [
      {
        action: 'cancel',
        title: waitsFor === 1 ? '$(clock) Waiting' : `$(clock) Waiting for ${waitsFor} runs`,
        tooltip: `${waitsFor === 1 ? 'Another unit runs' : `${waitsFor} other units run`} first. Click to cancel.`,
      },
      panel('$(graph-line) Panel'),
    ];
  if (record?.isRunning || input.isRunning === true) {
    const title = `$(sync~spin) ${progressWords(record)}`;
    return [{ action: 'cancel', title: '$(debug-stop) Cancel', tooltip: `Stop diagnosing ${subject}` }, panel(title)];
  }
  const first = record === null || record.phase === 'cancelled' ? 'Diagnose' : 'Diagnose again';
  const missing = missingValues(experiment).map((name): LensText => ({
    action: 'give',
    title: `$(edit) Give ${name}`,
    tooltip: `Only the command line of this script gives ${name}`,
  }));
  const hasPoint = record?.stale === false && input.shown.some(({ finding }) => criticalStep(finding) !== null);
  const inspect: LensText[] = hasPoint
    ? [
        {
          action: 'inspect',
          title: '$(telescope) Inspect critical point',
          tooltip: `Look at the loss surface where ${subject} stands`,
        },
      ]
    : [];
  const run: LensText = {
    action: 'run',
    title: `$(play) ${first}`,
    tooltip: `Train ${subject} in the extension's own engine and measure it`,
  };
  return [...missing, run, panel(verdict(input)), ...inspect];
}

/** How far a run is; of one that has only been asked for, the record is still that of the run before. */
function progressWords(record: RunRecord | null): string {
  if (!record?.isRunning) return `${phaseWords.loading} ${percent(0)}`;
  const left = timeLeft(record.elapsedSeconds, record.fraction);
  return [`${phaseWords[record.phase]} ${percent(record.fraction)}`, left].filter(Boolean).join(' · ');
}

const phaseWords: Readonly<Record<RunRecord['phase'], string>> = {
  loading: 'Loading',
  building: 'Building',
  training: 'Training',
  trials: 'Trying fixes',
  done: 'Done',
  cancelled: 'Cancelled',
  failed: 'Failed',
};

function verdict({ record, shown, experiment }: LensInput): string {
  const icon = shown.some(({ finding }) => finding.severity === 'error')
    ? '$(error)'
    : shown.some(({ finding }) => finding.severity === 'warning')
      ? '$(warning)'
      : null;
  const found = icon === null ? '' : `${icon} ${seriousWords(shown)}`;
  if (record === null) return found || (experiment.unread.length > 0 ? '$(question) Read in part' : '$(graph-line) Panel');
  if (record.phase === 'failed') return `$(error) ${record.text}`;
  if (record.phase === 'cancelled') return found || '$(circle-slash) Cancelled';
  const stale = record.stale ? ' (out of date)' : '';
  if (record.report.standIn === true)
    return `${['$(beaker)', found, 'on stand-in data'].filter(Boolean).join(' ')}${stale}${lossWords(record.report)}`;
  if (record.report.status !== 'measured') return `${found || `$(question) ${notRunWords(record.report)}`}${stale}`;
  return `${found || '$(check) No warning'}${stale}${lossWords(record.report)}`;
}

/** What was found that matters: `1 error, 2 warnings`; empty when there is neither. */
export function seriousWords(shown: readonly ShownFinding[]): string {
  const number = (severity: Severity): number => shown.filter(({ finding }) => finding.severity === severity).length;
  return (['error', 'warning'] as const)
    .filter((severity) => number(severity) > 0)
    .map((severity) => counted(number(severity), severity))
    .join(', ');
}

/** Longer reasons stand in the panel alone. */
const longestReason = 90;

/** The first sentence of the reason: what to do about it stands in the panel. */
function notRunWords({ reason }: UnitReport): string {
  const first = reason?.text.replace(/\. [A-Z].*$/s, '') ?? '';
  return first !== '' && first.length <= longestReason ? `Not run: ${first}` : 'Not run';
}

function lossWords(report: UnitReport): string {
  const values = report.measurements.epochLoss?.values ?? report.measurements.loss?.values;
  const [first, last] = [values?.[0], values?.[values.length - 1]];
  if (first === undefined || last === undefined) return '';
  return Number.isNaN(first) && Number.isNaN(last) ? ' · loss NaN' : ` · loss ${brief(first)} → ${brief(last)}`;
}

function optimizerName(experiment: Experiment): string {
  const optimizer = experiment.optimizer;
  return optimizer ? `${optimizerNames[optimizer.kind]} at rate ${brief(optimizer.learningRate.value)}` : '';
}
