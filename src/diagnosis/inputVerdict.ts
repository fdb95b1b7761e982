import type { Evidence as EvidenceRecord, Fix, RuleId, Severity } from '../records/finding';
import { niceRate } from './edits';
import { finding } from './finding';
import { comparesWithInputs, scalingEdits } from './inputScaling';
import type { Evidence, Outcome } from './rule';
import { found, passed, undecided, wants } from './rule';
import { clearlyBetter, comesDown, editVariant, failed, protocol, request, resultOf, unchanged, verification } from './trials';
import { amount, howTried, lossAmount } from './words';
import { lossSpan, startOf } from './lossSpan';
import { rateSetting, rateSettingEdits, rateVariant } from './rateSetting';

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
 * scaled inputs must be clearly better from its start, on two seeds; where the rate is raised with them, also than with that rate alone.
 */
export function inputVerdict(e: Evidence, suspicion: InputSuspicion): Outcome {
  const range = e.experiment.train?.inputRange;
  if (range === undefined) return undecided('the place where columns become inputs');
  const report = (severity: Severity, words: string, fixes: readonly Fix[]): Outcome =>
    found(finding(suspicion.rule, severity, range, `${suspicion.words}${words}`, { evidence: suspicion.evidence, fixes }));
  const title = titles[suspicion.how];
  if (e.run !== null && comparesWithInputs(e) && (suspicion.how === 'centre' || !stuck(e)))
    return undecided('a trial: the loss compares with the inputs, so that other inputs are another task');
  const edits = scalingEdits(e, suspicion.how);
  const untried: readonly Fix[] = edits.length === 0 ? [] : [{ title, edits }];
  if (e.run === null) return report(suspicion.unrun, ' Seen in the data; not tried.', untried);
  if (edits.length === 0) return stuck(e) ? report(suspicion.unrun, ' The run stayed high; a fix was not tried.', []) : passed;
  const plain: InputRemedy = { title, edits, name: suspicion.how };
  for (const remedy of [plain, ...withRate(e, plain)]) {
    const trial = protocol(e, editVariant(suspicion.rule, remedy.edits, remedy.name), clearlyBetter(lossSpan(e)));
    if (trial.kind === 'wants') return wants('a re-run with scaled inputs', ...trial.trials);
    if (trial.kind === 'unavailable')
      return stuck(e) ? report(suspicion.unrun, ' The run stayed high; the fix could not be tried.', untried) : passed;
    if (!trial.helped) continue;
    const { before, after } = trial;
    // Scaled inputs begin at a lower loss: a run that stays there is held back by something else.
    if (!failed(before) && !comesDown(after, lossSpan(e))) continue;
    if (remedy.rate !== undefined) {
      // The rate rose with the scaling: as written but for the rate, the inputs must be what holds the run back.
      const alone = resultOf(e, rateVariant(e, remedy.rate));
      if (alone === undefined) return wants('a re-run with the rate alone', request(rateVariant(e, remedy.rate), 0));
      if (!clearlyBetter(lossSpan(e))(after, alone)) continue;
    }
    const ending = before.status === 'diverged' ? 'no finite value' : lossAmount(before.probeLoss.end);
    const words =
      ` ${remedy.title}, re-run from the start: the probe loss ends at ${lossAmount(after.probeLoss.end)}, as written at ${ending}. ` +
      howTried(after, e.run, trial.seeds);
    const severity = trial.seeds < 2 ? 'information' : failed(before) ? 'error' : 'warning';
    return report(severity, words, [{ title: remedy.title, edits: remedy.edits, verified: verification(trial) }]);
  }
  return passed;
}

interface InputRemedy {
  readonly title: string;
  readonly edits: Fix['edits'];
  readonly name: string;
  /** The rate that it sets too. */
  readonly rate?: number;
}

/**
 * Unsuited inputs force a rate that is far too low for scaled ones. For SGD the rate is then raised with the scaling, by the
 * ratio of the largest eigenvalues of the second moment, to a tenth at most. [own]
 */
function withRate(e: Evidence, plain: InputRemedy): readonly InputRemedy[] {
  const { optimizer } = e.experiment;
  const setting = rateSetting(e);
  const [raw, scaled] = [e.statistics?.secondMoment, e.statistics?.standardisedMoment];
  if (optimizer?.kind !== 'sgd' || setting === null || raw == null || scaled == null) return [];
  const rate = niceRate(Math.min(0.1, (setting.rate.value * raw.largest) / scaled.largest));
  if (!(rate > 3 * setting.rate.value)) return [];
  const edits = rateSettingEdits(e, rate);
  if (edits.length === 0) return [];
  return [
    {
      title: `${plain.title} and set the learning rate to ${amount(rate)}`,
      edits: [...plain.edits, ...edits],
      name: `${plain.name}+lr`,
      rate,
    },
  ];
}

/** More than half of the loss was left at the end, or the run failed. */
function stuck(e: Evidence): boolean {
  const before = unchanged(e);
  if (before === undefined || before.status === 'unavailable') return false;
  const span = lossSpan(e);
  return failed(before) || before.probeLoss.end - span.floor > 0.5 * (startOf(before.probeLoss.start, span) - span.floor);
}
