import type { PanelPhase, PanelState } from '../src/protocol/panel';
import { quantities, type RunSummary } from '../src/records/measurement';
import type { Evidence, Finding, RuleId, Severity } from '../src/records/finding';
import type { UnitReport } from '../src/records/report';
import { trialChange, trialQuantity } from '../src/protocol/trialWords';
import type { SourceRange } from '../src/records/source';
import type { Verification } from '../src/records/trial';
import { count, formatNumber, formatShare, groupThousands } from './format';

const phases: Readonly<Record<PanelPhase, string>> = {
  idle: 'Not run',
  waiting: 'Waiting',
  loading: 'Loading data',
  building: 'Building',
  training: 'Training',
  trials: 'Trying fixes',
  done: 'Done',
  cancelled: 'Cancelled',
  failed: 'Failed',
};

/** Whether a run goes on. */
export function isRunning(phase: PanelPhase): boolean {
  return phase === 'loading' || phase === 'building' || phase === 'training' || phase === 'trials';
}

/** Whether there is something to cancel: a run that goes on, or one that waits for its turn. */
export const isAsked = (phase: PanelPhase): boolean => phase === 'waiting' || isRunning(phase);

/** The state in one or two words. */
export function describePhase(state: PanelState): string {
  if (state.stale && !isRunning(state.phase)) return 'Out of date';
  return isOnlyRead(state) ? 'Not run' : phases[state.phase];
}

/** Whether the engine had to leave it at reading: `done`, and nothing was trained. */
export const isOnlyRead = ({ phase, report }: PanelState): boolean => phase === 'done' && report !== null && report.run === null;

/** Most severe first; findings of one severity stay in their order. */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  const order: readonly Severity[] = ['error', 'warning', 'information', 'hint'];
  return [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

/** `1 error, 2 warnings`; empty when there are no findings. */
export function describeFindings(findings: readonly Finding[]): string {
  const number = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  const parts = [
    { many: number('error'), noun: 'error' },
    { many: number('warning'), noun: 'warning' },
    { many: number('information'), noun: 'note' },
    { many: number('hint'), noun: 'hint' },
  ];
  return parts
    .filter(({ many }) => many > 0)
    .map(({ many, noun }) => count(many, noun))
    .join(', ');
}

/** How a run ended, to be spoken: `Done: 1 error, 1 note. lr-diverges, line 22`. */
export function describeEnd(state: PanelState): string {
  const { report, text, phase } = state;
  const why = isOnlyRead(state) ? (report?.reason?.text ?? '') : phase === 'done' ? '' : text;
  const found = describeFindings(report?.findings ?? []) || (phase === 'done' && why === '' ? 'nothing found' : '');
  const [worst] = bySeverity(report?.findings ?? []);
  const ending = worst ? `. ${worst.rule}, ${describePlace(worst.range, state.unit)}` : '';
  return `${[`${describePhase(state)}`, why, found].filter(Boolean).join(': ')}${ending}`;
}

/** What a fix did when it was tried: `loss 2.3 → 0.1 over 400 steps, 3 seeds`, or `accuracy 41 % as before …`. */
export function describeTrial(trial: Verification): string {
  const { quantity, before, after, steps, seeds } = trial;
  const { name, isShare } = trialQuantity(quantity);
  const write = isShare ? formatShare : formatNumber;
  const [from, to] = [before, after].map(write);
  const seed = seeds > 1 ? `, ${count(seeds, 'seed')}` : '';
  const change = from === to ? `${name} ${to} as before,` : trialChange(trial, name, write);
  return `${change} over ${count(steps, 'step')}${seed}`;
}

/** Whether a trial moved its quantity by as much as is written. */
export const showsChange = (trial: Verification): boolean => !describeTrial(trial).includes(' as before,');

/** What findings rest on that is no column of the run: settings of the script, and statistics of its data. */
const givenNames: Readonly<Record<string, string>> = {
  dropout: 'dropped share of the units',
  momentum: 'momentum',
  initialVarianceFactor: 'variance of the signal after the layer over that before',
  inputCondition: 'condition number of the inputs',
  inputOffset: 'mean of an input column, in standard deviations',
  targetSize: 'root mean square of the targets',
  inputScaleSpread: 'largest standard deviation of an input column over the smallest',
  nonFiniteStep: 'first step with a value that is not finite',
  targetRunsZ: 'order of the targets against a shuffled one, in standard deviations',
};

/** The title of a measured quantity, with its layer: `saturated units, net.1`. */
export function describeQuantity(quantity: string): string {
  const [name = '', ...part] = quantity.split('/');
  const title = name in quantities ? quantities[name as keyof typeof quantities].title : (givenNames[name] ?? name);
  return part.length > 0 ? `${title}, ${part.join('/')}` : title;
}

/** One piece of evidence around its value: what it is, and the limit that it broke and its step where there are such. */
export function describeEvidence({ quantity, step, limit }: Evidence): { readonly before: string; readonly after: string } {
  const against = limit === undefined ? '' : `, limit ${formatNumber(limit)}`;
  const at = quantity in givenNames ? '' : ` at step ${groupThousands(step)}`;
  return { before: describeQuantity(quantity), after: `${against}${at}` };
}

/** Checks that wait for the same thing, together, in the order in which they first came. */
export function groupByNeeds(
  undecided: UnitReport['undecided'],
): { readonly needs: string; readonly rules: readonly RuleId[] }[] {
  const groups = new Map<string, RuleId[]>();
  for (const { rule, needs } of undecided) groups.set(needs, [...(groups.get(needs) ?? []), rule]);
  return [...groups].map(([needs, rules]) => ({ needs, rules }));
}

/** Where something stands: the line, with the file's name when it is another file than `path`. */
export function describePlace(range: SourceRange, unit: PlacedUnit): string {
  if (range.path !== unit?.path) return `${range.path.split(/[\\/]/).pop() ?? range.path}:${range.line}`;
  let { line } = range;
  for (const { number, lines } of unit.cells ?? []) {
    if (line <= lines) return `cell ${number}, line ${line}`;
    line -= lines;
  }
  return `line ${range.line}`;
}

/** What tells the places of a unit: its file and, in a notebook, its cells. */
type PlacedUnit = Pick<NonNullable<PanelState['unit']>, 'path' | 'cells'> | null;

/** What was run and how it ended, part by part; the line of trust tells the steps, the rows that were cut and the seed. */
export function describeRun(run: RunSummary): string[] {
  const ends: Readonly<Record<RunSummary['stoppedBy'], string>> = {
    plan: '',
    budget: 'cut by the time budget',
    divergence: 'stopped when it diverged',
    cancelled: 'cancelled',
  };
  return [
    run.rows < run.ofRows ? '' : count(run.rows, 'row'),
    count(run.parameters, 'parameter'),
    `${formatNumber(run.seconds)} s, ${formatShare(run.measuringShare)} of it measuring`,
    ends[run.stoppedBy],
  ].filter((part) => part !== '');
}
