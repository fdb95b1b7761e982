import type { Evidence as EvidenceRecord, Fix, RuleId, Severity } from '../records/finding';
import { finding } from './finding';
import { lossFloor } from './graphWalk';
import { scalingEdits } from './inputScaling';
import type { Evidence, Outcome } from './rule';
import { found, passed, undecided, wants } from './rule';
import { clearlyBetter, editVariant, failed, protocol, unchanged, verification } from './trials';
import { howTried, lossAmount } from './words';

/** What a rule about inputs saw in the data, before any trial. */
export interface InputSuspicion {
  readonly rule: RuleId;
  readonly how: 'standardise' | 'centre';
  /** What is wrong with the columns, in sentences. */
  readonly words: string;
  readonly evidence: readonly EvidenceRecord[];
  /** Severity when nothing can be run. */
  readonly unrun: Severity;
}

const titles = { standardise: 'Standardise the inputs', centre: 'Centre the inputs' } as const;

/**
 * Columns alone convict nobody: an adaptive optimizer or a small rate may not mind. Where a run exists, the script with
 * scaled inputs must be clearly better from its start, on two seeds.
 */
export function inputVerdict(e: Evidence, suspicion: InputSuspicion): Outcome {
  const range = e.experiment.train?.inputRange;
  if (range === undefined) return undecided('the place where columns become inputs');
  const report = (severity: Severity, words: string, fixes: readonly Fix[]): Outcome =>
    found(finding(suspicion.rule, severity, range, `${suspicion.words}${words}`, { evidence: suspicion.evidence, fixes }));
  const title = titles[suspicion.how];
  const edits = scalingEdits(e, suspicion.how);
  const untried: readonly Fix[] = edits.length === 0 ? [] : [{ title, edits }];
  if (e.run === null) return report(suspicion.unrun, ' Seen in the data; not tried.', untried);
  if (edits.length === 0) return stuck(e) ? report(suspicion.unrun, ' The run stayed high; a fix was not tried.', []) : passed;
  const trial = protocol(e, editVariant(suspicion.rule, edits, suspicion.how), clearlyBetter(lossFloor(e.experiment)));
  if (trial.kind === 'wants') return wants('a re-run with scaled inputs', ...trial.trials);
  if (trial.kind === 'unavailable')
    return stuck(e) ? report(suspicion.unrun, ' The run stayed high; the fix could not be tried.', untried) : passed;
  if (!trial.helped) return passed;
  const { before, after } = trial;
  const words =
    ` ${title}, re-run from the start: the probe loss ends at ${lossAmount(after.probeLoss.end)}, ` +
    `as written at ${failed(before) && before.status === 'diverged' ? 'no finite value' : lossAmount(before.probeLoss.end)}. ${howTried(after, e.run, trial.seeds)}`;
  const severity = trial.seeds < 2 ? 'information' : failed(before) ? 'error' : 'warning';
  return report(severity, words, [{ title, edits, verified: verification(trial) }]);
}

/** More than half of the loss was left at the end, or the run failed. */
function stuck(e: Evidence): boolean {
  const before = unchanged(e);
  if (before === undefined || before.status === 'unavailable') return false;
  const floor = lossFloor(e.experiment);
  return failed(before) || before.probeLoss.end - floor > 0.5 * (before.probeLoss.start - floor);
}
