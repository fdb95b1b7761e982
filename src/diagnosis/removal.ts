import type { Finding, Fix, RuleId } from '../records/finding';
import type { ModelNode } from '../records/model/graph';
import { removeLayer } from './edits';
import type { Evidence, Outcome } from './rule';
import { found, foundMeanwhile } from './rule';
import type { Comparison } from './trials';
import { editVariant, noWorse, protocol, verification } from './trials';
import { lossAmount, howTried, percent } from './words';

/** A change of the text that is offered as a fix. */
export interface Remedy {
  readonly title: string;
  readonly edits: Fix['edits'];
}

/** The remedy that takes a layer out of the forward pass; null when its text does not allow it. */
export function removalOf(e: Evidence, node: ModelNode): Remedy | null {
  const edits = removeLayer(e.texts, node.range, node.call);
  return edits.length === 0 ? null : { title: `Remove the ${node.kind}`, edits };
}

const rightAnswers = (before: number, after: number): string =>
  percent(before) === percent(after)
    ? `${percent(after)} right answers, as before`
    : `${percent(before)} → ${percent(after)} right answers`;

/** How the trial of a remedy went, for rules whose severity depends on it. */
export type TrialState = 'untried' | 'helped' | 'failed';

/**
 * Makes the finding of a fault that is certain from the code, and tries its remedy where a run exists.
 * A remedy that fails its trial is not offered; one that could not be tried is offered as not tried.
 */
export function settle(
  e: Evidence,
  rule: RuleId,
  remedy: Remedy | null,
  write: (words: string, fixes: readonly Fix[], trial: TrialState) => Finding,
  better: Comparison = noWorse,
): Outcome {
  if (remedy === null) return found(write(' Read from the code.', [], 'untried'));
  if (e.run === null) return found(write(' Read from the code.', [remedy], 'untried'));
  const trial = protocol(e, editVariant(rule, remedy.edits), better);
  // The fault is certain without the trial: only its fix waits for it.
  if (trial.kind === 'wants')
    return foundMeanwhile([write(' Read from the code.', [remedy], 'untried')], 'a re-run with the fix', trial.trials);
  if (trial.kind === 'unavailable') return found(write(' Read from the code; the fix could not be tried.', [remedy], 'untried'));
  if (!trial.helped)
    return found(
      write(
        ` Read from the code. ${remedy.title}, re-run from the start, did not help. ${howTried(trial.after, e.run, trial.seeds)}`,
        [],
        'failed',
      ),
    );
  const { before, after } = trial;
  const counted = before.accuracy !== null && after.accuracy !== null;
  const shown = counted
    ? rightAnswers(before.accuracy, after.accuracy)
    : `probe loss at the end ${lossAmount(before.probeLoss.end)} → ${lossAmount(after.probeLoss.end)}`;
  const words = ` ${remedy.title}, re-run from the start: ${shown}. ${howTried(after, e.run, trial.seeds)}`;
  return found(write(words, [{ ...remedy, verified: verification(trial, counted ? 'accuracy' : 'probeLoss') }], 'helped'));
}
