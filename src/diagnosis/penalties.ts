import type { ModelGraph, ModelNode } from '../records/model/graph';
import type { SourceRange } from '../records/source';
import { replaceWithin } from './edits';
import { finding, samePlace } from './finding';
import { maker } from './graphWalk';
import type { Evidence, Outcome } from './rule';
import { found, passed, wants } from './rule';
import { textAt } from './text';
import type { Comparison } from './trials';
import { editVariant, protocol, trains, verification } from './trials';
import { amount, howTried, percent } from './words';

/** Factors of a penalty on weights from here on are worth a trial in a run with few right answers. [own] */
const suspicious = 0.05;
const usual = '1e-4';

/** A penalty on weights in the loss, and the call that says its factor. */
interface Penalty {
  readonly factor: number;
  readonly range: SourceRange;
}

/** The penalties `factor · Σ w²` and `factor · Σ |w|` in the loss. */
export function penaltiesOf(model: ModelGraph): readonly Penalty[] {
  return model.nodes.slice(model.lossStart).flatMap((node): Penalty[] => {
    if (node.kind !== 'multiply') return [];
    const [a, b] = node.inputs.map((input) => model.nodes[input]);
    const [constant, sum] = a?.kind === 'constant' ? [a, b] : [b, a];
    if (constant?.kind !== 'constant' || sum === undefined || !isOfWeights(model, sum)) return [];
    const { value } = constant.arguments;
    return typeof value === 'number' ? [{ factor: value, range: constant.range }] : [];
  });
}

function isOfWeights(model: ModelGraph, sum: ModelNode): boolean {
  const size = sum.kind === 'sum' ? maker(model, sum.inputs[0] ?? -1) : null;
  const isSize = size?.kind === 'abs' || (size?.kind === 'power' && size.arguments.exponent === 2);
  return isSize && maker(model, size.inputs[0] ?? -1)?.kind === 'parameter';
}

/**
 * A penalty that outweighs the loss. It is part of what the run lowers, so that losses with another factor cannot be compared: right
 * answers on two seeds decide.
 */
export function penaltyVerdict(e: Evidence): Outcome {
  const { model } = e.experiment;
  const accuracy = e.baseline?.accuracy ?? null;
  if (model === null || e.run === null || accuracy === null || accuracy > 0.9) return passed;
  const strong = penaltiesOf(model).filter(({ factor }) => factor >= suspicious);
  const places = strong.filter(({ range }, i) => strong.findIndex((other) => samePlace(other.range, range)) === i);
  const edits = places.flatMap(({ range }) =>
    replaceWithin(e.texts, range, /(?<=\(\s*(?:l[12]?\s*=\s*)?)[\d.]+(?:e[-+]?\d+)?(?=\s*\)$)/i, usual),
  );
  const [first] = [...places].sort((a, b) => b.factor - a.factor);
  if (first === undefined || edits.length < places.length) return passed;
  const trial = protocol(e, editVariant('optimizer-settings', edits, 'penalty'), moreRight);
  if (trial.kind === 'wants') return wants('a re-run with a smaller penalty', ...trial.trials);
  if (trial.kind === 'unavailable' || !trial.helped) return passed;
  const words =
    `${textAt(e.texts, first.range) ?? amount(first.factor)} pulls the weights to 0 more strongly than the loss pulls them away. Re-run from the start with a factor of ${usual}: ` +
    `${percent(trial.before.accuracy ?? NaN)} → ${percent(trial.after.accuracy ?? NaN)} right answers. ${howTried(trial.after, e.run, trial.seeds)}`;
  return found(
    finding('optimizer-settings', trial.seeds < 2 ? 'information' : 'warning', first.range, words, {
      evidence: [{ quantity: 'penalty', step: 0, value: first.factor, limit: suspicious, unit: 'loss per squared weight' }],
      fixes: [{ title: `Set the penalty to ${usual}`, edits, verified: verification(trial, 'accuracy') }],
    }),
  );
}

/** A tenth of all rows more that are answered right. */
const moreRight: Comparison = (after, before) =>
  trains(after) && after.accuracy !== null && before.accuracy !== null && after.accuracy >= before.accuracy + 0.1;
