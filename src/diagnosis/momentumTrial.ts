import type { Evidence as EvidenceRecord, Fix, RuleId, Severity } from '../records/finding';
import type { RunSummary } from '../records/measurement';
import type { OptimizerOf } from '../records/optimizer';
import type { SourceRange, TextEdit } from '../records/source';
import { momentumEdits, rateEdits } from './rateEdits';
import { finding, samePlace } from './finding';
import type { Evidence, Outcome } from './rule';
import { found, passed, undecided, wants } from './rule';
import { costsValidation, momentumVariant, protocol, verification } from './trials';
import type { Comparison, Tried, Variant } from './trials';
import { amount, howTried, lossAmount } from './words';

/** What a rule about momentum saw before any trial. */
export interface MomentumSuspicion {
  readonly rule: RuleId;
  readonly range: SourceRange;
  readonly words: string;
  /** The momentum to try with the rate unchanged. */
  readonly momentum: number;
  /** A higher rate to try with it where it alone does not help: less momentum makes shorter steps. */
  readonly rate?: number;
  readonly evidence: readonly EvidenceRecord[];
  /** What the re-run must show to be worth a word, and how much before it is a warning. */
  readonly helps: Comparison;
  readonly warns: Comparison;
}

/** Re-runs the script with another momentum, first at the same rate; warns only of what is clearly better on two seeds. */
export function momentumVerdict(e: Evidence, suspicion: MomentumSuspicion): Outcome {
  if (e.run === null || e.experiment.optimizer?.kind !== 'sgd') return passed;
  for (const rate of [null, ...(suspicion.rate === undefined ? [] : [suspicion.rate])]) {
    const trial = protocol(e, variantOf(suspicion.momentum, rate), suspicion.helps);
    if (trial.kind === 'wants') return wants('a re-run with another momentum', ...trial.trials);
    if (trial.kind === 'unavailable') {
      if (rate !== null) break;
      return undecided('a re-run with another momentum');
    }
    if (trial.helped) return report(e, e.run, e.experiment.optimizer, suspicion, rate, trial);
  }
  return passed;
}

function variantOf(momentum: number, rate: number | null): Variant {
  const alone = momentumVariant(momentum);
  if (rate === null) return alone;
  return { label: `${alone.label},lr=${rate}`, changes: [...alone.changes, { field: 'learningRate', value: rate }] };
}

function report(
  e: Evidence,
  run: RunSummary,
  optimizer: OptimizerOf<'sgd'>,
  suspicion: MomentumSuspicion,
  rate: number | null,
  trial: Tried,
): Outcome {
  const { before, after } = trial;
  const costs = costsValidation(after, before);
  const far = suspicion.warns(after, before);
  const severity: Severity = costs || !far || trial.seeds < 2 ? 'information' : 'warning';
  const momentum = momentumEdits(e.texts, optimizer, suspicion.momentum);
  const edits = rate === null || momentum.length === 0 ? momentum : withRate(momentum, rateEdits(e.texts, optimizer, rate));
  const title = `Set the momentum to ${amount(suspicion.momentum)}, ${rate === null ? 'with the rate unchanged' : `and the learning rate to ${amount(rate)}`}`;
  const { changes } = variantOf(suspicion.momentum, rate);
  const fixes: readonly Fix[] = edits.length === 0 || costs ? [] : [{ title, edits, changes, verified: verification(trial) }];
  const message =
    `${suspicion.words} Re-run from the start with momentum ${amount(suspicion.momentum)} and ${rate === null ? 'the same rate' : `a rate of ${amount(rate)}`}, the probe loss ends at ` +
    `${lossAmount(after.probeLoss.end)}; as written at ${lossAmount(before.probeLoss.end)} (start ${lossAmount(before.probeLoss.start)}).` +
    `${costs ? ' The validation loss was worse, though.' : ''} ${howTried(after, run, trial.seeds)}`;
  return found(finding(suspicion.rule, severity, suspicion.range, message, { evidence: suspicion.evidence, fixes }));
}

/** Both edits, or none where one of them is not possible or both would write at the same place. */
function withRate(momentum: readonly TextEdit[], rate: readonly TextEdit[]): readonly TextEdit[] {
  const clash = momentum.some((a) => rate.some((b) => samePlace(a, b)));
  return rate.length === 0 || clash ? [] : [...momentum, ...rate];
}
