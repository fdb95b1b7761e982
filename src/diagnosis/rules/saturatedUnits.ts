import type { Fix } from '../../records/finding';
import { finding, place } from '../finding';
import { alwaysSaturated, latelySaturated, saturatedShare } from '../saturation';
import { lossLeft } from '../course';
import { isOutput, isWeighing, nodeNamed } from '../graphWalk';
import { initRemedy } from '../initEdits';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided, wants } from '../rule';
import type { Reading } from '../series';
import { first, last, lastStep, readEach } from '../series';
import type { Comparison } from '../trials';
import { editVariant, protocol, trains } from '../trials';
import type { ModelGraph, ModelNode } from '../../records/model/graph';
import { grouped, howMuch, percent } from '../words';

/** Most units of a hidden layer sit on the flat parts of their activation. */
export const saturatedUnits = {
  id: 'saturated-units',
  tier: 2,
  severity: 'warning',
  title: 'Most units of a hidden layer sit where their activation is flat, so hardly any gradient passes.',
  explanation: `A unit counts as saturated when the slope of its activation, averaged over the probe rows, is under a tenth of the largest
possible. Gradients shrink by that factor on their way through.

**Found** when half of a hidden layer's units are saturated from the first step to the last, or when they have become so
and more than half of the loss is still left.

**No fault:** a saturated output (a classifier that is sure of itself); hidden units that saturate while the loss is
fitted; single saturated units.

Sources: Glorot and Bengio 2010, *Understanding the difficulty of training deep feedforward neural networks*. Thresholds: own.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null || e.run === null) return undecided('a run of the script');
  const layers = readEach(e.measurements, 'saturated');
  if (layers.length === 0)
    return model.nodes.some(({ kind }) => kind === 'tanh' || kind === 'sigmoid')
      ? undecided('the units along the run')
      : irrelevant;
  const hidden = layers.flatMap(({ name, reading }) => {
    const node = nodeNamed(model, name);
    return node === undefined || isOutput(model, node) ? [] : [{ node, reading }];
  });
  // A run that diverges throws its units anywhere: that is no finding of its own.
  const high = lossLeft(e) > 0.5 && e.run.stoppedBy !== 'divergence';
  const bad = hidden.filter(({ reading }) => alwaysSaturated(reading) || (high && latelySaturated(reading)));
  const [worst] = bad;
  if (worst === undefined) return passed;
  return report(
    e,
    model,
    worst,
    bad.slice(1).map(({ node }) => node),
  );
}

function report(
  e: Evidence,
  model: ModelGraph,
  { node, reading }: { node: ModelNode; reading: Reading },
  others: readonly ModelNode[],
): Outcome {
  const remedy = initRemedyBefore(e, model, node);
  const trial = remedy === null ? null : protocol(e, editVariant('saturated-units', remedy.edits), opens);
  if (trial?.kind === 'wants') return wants('a re-run with another initialisation', ...trial.trials);
  const fixes: Fix[] = [];
  let words = '';
  if (remedy !== null && trial?.kind === 'tried' && trial.helped) {
    const { before, after, seeds } = trial;
    words = ` ${remedy.title}: ${percent(before.saturated)} → ${percent(after.saturated)} at the end, on ${seeds} seeds.`;
    fixes.push({
      ...remedy,
      verified: {
        steps: after.steps,
        seeds,
        quantity: 'saturated',
        before: before.saturated,
        after: after.saturated,
        helped: true,
      },
    });
  } else if (remedy !== null && trial?.kind === 'unavailable') fixes.push(remedy);
  const message =
    `${percent(first(reading) ?? 0)} of the units of this ${node.kind} are saturated at the start and ${percent(last(reading) ?? 0)} at step ` +
    `${grouped(lastStep(reading))}: their slope is under a tenth of the largest, so hardly any gradient passes.${words} ` +
    (e.run === null ? '' : howMuch(e.run));
  return found(
    finding('saturated-units', 'warning', node.range, message, {
      evidence: [
        {
          quantity: `saturated/${node.name}`,
          step: lastStep(reading),
          value: last(reading) ?? 0,
          limit: saturatedShare,
          unit: 'fraction',
        },
      ],
      related: others.map((other) => ({ ...place(other.range), message: 'saturated too' })),
      fixes,
    }),
  );
}

/** Fewer than half as many saturated units, and a loss that is no worse. */
const opens: Comparison = (after, before) =>
  trains(after) &&
  after.saturated < 0.5 * before.saturated &&
  !(after.probeLoss.end > before.probeLoss.end + 0.05 * Math.abs(before.probeLoss.start));

/** A gentler initialisation of the weights that feed the activation. */
function initRemedyBefore(e: Evidence, model: ModelGraph, node: ModelNode) {
  const feeding = model.nodes[node.inputs[0] ?? -1];
  return feeding === undefined || !isWeighing(feeding) ? null : initRemedy(e, model, feeding);
}
