import type { ModelGraph, ModelNode } from '../../records/model/graph';
import type { SourceRange } from '../../records/source';
import { lossLeft } from '../course';
import { niceRate, replaceWithin } from '../edits';
import { finding, place } from '../finding';
import { isOutput, maker, nodeNamed } from '../graphWalk';
import { parameterOf, replaceInit } from '../initEdits';
import { constantValue } from '../initStatistics';
import type { Remedy } from '../removal';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided, wants } from '../rule';
import { first, last, lastStep, readEach } from '../series';
import { clearlyBetter, editVariant, protocol, verification, type Protocol } from '../trials';
import { amount, grouped, howMuch, howTried, lossAmount, percent } from '../words';
import { lossSpan } from '../lossSpan';
import { rateFix, rateSetting, rateVariant, type RateSetting } from '../rateSetting';

/** Half of a layer's units or more are zero on every row. */
export const deadUnits = {
  id: 'dead-units',
  tier: 2,
  severity: 'warning',
  title: 'Half of a layer or more is dead: zero on every row, without a gradient.',
  explanation: `A rectified unit that is zero on all rows gets no gradient and never comes back. That is not sparsity: a healthy ReLU is
zero on about half of the rows, each unit on other ones.

**How it is measured.** The share of units that are zero on every probe row, at the last two measured steps. Nine in ten with
more than half of the loss left is a warning at once. From half on, the script re-run with a third of its rate must be clearly
better on two seeds; otherwise it is information. Where nearly all units died on the way, a thirtieth and a thousandth of the
rate are tried too.

**No fault:** sparse activations; a few dead units; dead units in a net that has fitted its data.

Sources: SMD for the half; Lu et al. 2020, *Dying ReLU and initialization*. Thresholds else: own.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  const setting = rateSetting(e);
  if (model === null || setting === null || e.run === null) return undecided('a run of the script');
  if (e.run.stoppedBy === 'divergence') return passed;
  const layers = readEach(e.measurements, 'dead').flatMap(({ name, reading }) => {
    const node = nodeNamed(model, name);
    return node === undefined || isOutput(model, node) ? [] : [{ node, reading }];
  });
  if (layers.length === 0)
    return model.nodes.some(({ kind }) => kind === 'relu') ? undecided('the units along the run') : irrelevant;
  const dead = layers.filter(
    ({ reading }) => reading.values.length > 1 && reading.values.slice(-2).every((share) => share >= 0.5),
  );
  const [worst] = [...dead].sort((a, b) => (last(b.reading) ?? 0) - (last(a.reading) ?? 0));
  if (worst === undefined) return passed;
  const share = last(worst.reading) ?? 0;
  const certain = share >= 0.9 && lossLeft(e) > 0.5;
  const others = dead.filter((one) => one !== worst).map(({ node }) => ({ ...place(node.range), message: 'half dead too' }));
  const words = `${percent(share)} of the units of this ${worst.node.kind} are zero on every probe row at step ${grouped(lastStep(worst.reading))} (${percent(first(worst.reading) ?? 0)} at the start) and get no gradient any more.`;
  const evidence = [
    { quantity: `dead/${worst.node.name}`, step: lastStep(worst.reading), value: share, limit: 0.5, unit: 'fraction' },
  ];
  const fromBias = deadFromStart(e, model, worst.node, first(worst.reading) ?? 0);
  if (fromBias !== null) {
    const trial = protocol(e, editVariant('dead-units', fromBias.edits, 'bias'), clearlyBetter(lossSpan(e)));
    if (trial.kind === 'wants') return wants('a re-run with biases at 0', ...trial.trials);
    if (trial.kind === 'tried' && trial.helped) {
      const shown = ` ${fromBias.title}, re-run from the start: the probe loss ends at ${lossAmount(trial.after.probeLoss.end)} instead of ${lossAmount(trial.before.probeLoss.end)}. ${howTried(trial.after, e.run, trial.seeds)}`;
      return found(
        finding('dead-units', trial.seeds > 1 ? 'warning' : 'information', worst.node.range, `${words}${shown}`, {
          evidence,
          related: [...others, { ...place(fromBias.at), message: 'the biases start here' }],
          fixes: [{ title: fromBias.title, edits: fromBias.edits, verified: verification(trial) }],
        }),
      );
    }
  }
  const slower = lowerRate(e, setting, share, certain && (first(worst.reading) ?? 0) < 0.5);
  if (slower.kind === 'wants') return slower.outcome;
  if (slower.kind === 'none') {
    if (!certain && lossLeft(e) < 0.1) return passed;
    return found(
      finding('dead-units', certain ? 'warning' : 'information', worst.node.range, `${words} ${howMuch(e.run)}`, {
        evidence,
        related: others,
      }),
    );
  }
  const { rate, trial } = slower;
  const fix = rateFix(e, rate, verification(trial));
  const shown = ` With ${setting.name} = ${amount(rate)} from the start ${percent(trial.after.dead)} are dead, and the probe loss ends at ${lossAmount(trial.after.probeLoss.end)} instead of ${lossAmount(trial.before.probeLoss.end)}.`;
  return found(
    finding('dead-units', 'warning', worst.node.range, `${words}${shown} ${howTried(trial.after, e.run, trial.seeds)}`, {
      evidence,
      related: others,
      fixes: fix === null ? [] : [fix],
    }),
  );
}

type Slower =
  | { readonly kind: 'wants'; readonly outcome: Outcome }
  | { readonly kind: 'none' }
  | { readonly kind: 'found'; readonly rate: number; readonly trial: Protocol & { readonly kind: 'tried' } };

/** A lower rate that leaves fewer units dead; where nearly all died on the way, much lower ones are tried too. */
function lowerRate(e: Evidence, setting: RateSetting, share: number, diedOnTheWay: boolean): Slower {
  for (const times of diedOnTheWay ? [3, 30, 1000] : [3]) {
    const rate = niceRate(setting.rate.value / times);
    const trial = protocol(e, rateVariant(e, rate), clearlyBetter(lossSpan(e)));
    if (trial.kind === 'wants') return { kind: 'wants', outcome: wants('a re-run with a lower rate', ...trial.trials) };
    if (trial.kind !== 'tried') return { kind: 'none' };
    if (trial.helped && trial.after.dead < 0.5 * Math.max(share, trial.before.dead)) return { kind: 'found', rate, trial };
  }
  return { kind: 'none' };
}

/** Zeros for the biases of the layer before, where most units are dead already at the start and the script sets negative ones. */
function deadFromStart(
  e: Evidence,
  model: ModelGraph,
  node: ModelNode,
  share: number,
): (Remedy & { readonly at: SourceRange }) | null {
  const layer = maker(model, node.inputs[0] ?? -1);
  const bias = layer === null || share < 0.5 ? undefined : parameterOf(model, layer, 'bias');
  if (bias === undefined || bias.isDefault || (constantValue(bias.initializer) ?? 0) >= 0) return null;
  const named = replaceInit(e, bias, 'zeros_', '');
  const edits = named.length > 0 ? named : replaceWithin(e.texts, bias.range, /(?<=\.fill_\()[^()]*(?=\)$)/, '0.0');
  return edits.length === 0 ? null : { title: 'Start the biases at 0', edits, at: bias.range };
}
