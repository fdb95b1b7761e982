import type { Evidence as EvidenceRecord, Fix, RuleId, Severity } from '../records/finding';
import type { SourceRange } from '../records/source';
import { momentumEdits } from './rateEdits';
import { finding } from './finding';
import type { Evidence, Outcome } from './rule';
import { found, passed, undecided, wants } from './rule';
import { costsValidation, momentumVariant, protocol, verification } from './trials';
import type { Comparison } from './trials';
import { amount, howTried, lossAmount } from './words';

/** What a rule about momentum saw before any trial. */
export interface MomentumSuspicion {
  readonly rule: RuleId;
  readonly range: SourceRange;
  readonly words: string;
  /** The momentum to try with the rate unchanged. */
  readonly momentum: number;
  readonly evidence: readonly EvidenceRecord[];
  /** What the re-run must show to be worth a word, and how much before it is a warning. */
  readonly helps: Comparison;
  readonly warns: Comparison;
}

/** Re-runs the script with another momentum and the same rate; warns only of what is clearly better on two seeds. */
export function momentumVerdict(e: Evidence, suspicion: MomentumSuspicion): Outcome {
  const { optimizer } = e.experiment;
  if (e.run === null || optimizer?.kind !== 'sgd') return passed;
  const trial = protocol(e, momentumVariant(suspicion.momentum), suspicion.helps);
  if (trial.kind === 'wants') return wants('a re-run with another momentum', ...trial.trials);
  if (trial.kind === 'unavailable') return undecided('a re-run with another momentum');
  if (!trial.helped) return passed;
  const { before, after } = trial;
  const costs = costsValidation(after, before);
  const far = suspicion.warns(after, before);
  const severity: Severity = costs || !far || trial.seeds < 2 ? 'information' : 'warning';
  const edits = momentumEdits(e.texts, optimizer, suspicion.momentum);
  const title = `Set the momentum to ${amount(suspicion.momentum)}, with the rate unchanged`;
  const fixes: readonly Fix[] =
    edits.length === 0 || costs
      ? []
      : [{ title, edits, changes: [{ field: 'momentum', value: suspicion.momentum }], verified: verification(trial) }];
  const message =
    `${suspicion.words} Re-run from the start with momentum ${amount(suspicion.momentum)} and the same rate, the probe loss ends at ` +
    `${lossAmount(after.probeLoss.end)}; as written at ${lossAmount(before.probeLoss.end)} (start ${lossAmount(before.probeLoss.start)}).` +
    `${costs ? ' The validation loss was worse, though.' : ''} ${howTried(after, e.run, trial.seeds)}`;
  return found(finding(suspicion.rule, severity, suspicion.range, message, { evidence: suspicion.evidence, fixes }));
}
