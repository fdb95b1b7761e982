import { lossLeft } from '../course';
import { replaceWithin } from '../edits';
import { finding } from '../finding';
import { isOutput, lossFloor, nodeNamed } from '../graphWalk';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided, wants } from '../rule';
import { last, lastStep, readEach } from '../series';
import { editVariant, protocol, twiceAsFar, verification } from '../trials';
import { amount, grouped, howTried, lossAmount } from '../words';

/** Hidden sigmoids whose outputs hardly vary around their mean, to the run's harm. */
export const uncentredActivations = {
  id: 'uncentred-activations',
  tier: 2,
  severity: 'warning',
  title: 'Hidden activations lie far from zero, and a centred activation gets much further.',
  explanation: `Activations with a large mean are to the next layer what uncentred inputs are to the first: one steep direction in the
loss, and many flat ones. Sigmoids, always positive, are the usual case.

**How it is measured.** The squared mean over the mean square of a hidden sigmoid layer above .9 at the last measured steps
raises the suspicion; with tanh in its place, re-run from the start, the loss must fall more than twice as far on two seeds.

**No fault:** ReLU (.3 to .6 by nature); sigmoid nets that fit their data.

Sources: LeCun, Kanter and Solla 1991; LeCun et al. 1998.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null || e.run === null) return undecided('a run of the script');
  if (!model.nodes.some((node) => node.kind === 'sigmoid' && !isOutput(model, node))) return irrelevant;
  const layers = readEach(e.measurements, 'activationCentre');
  if (layers.length === 0) return undecided('the activations along the run');
  const shifted = layers.flatMap(({ name, reading }) => {
    const node = nodeNamed(model, name);
    return node?.kind === 'sigmoid' && !isOutput(model, node) && reading.values.slice(-2).every((value) => value > 0.9)
      ? [{ node, reading }]
      : [];
  });
  const [worst] = shifted;
  if (worst === undefined || lossLeft(e) < 0.3) return passed;
  const edits = shifted.flatMap(({ node }) => [
    ...replaceWithin(e.texts, node.range, /\bSigmoid\b/, 'Tanh'),
    ...replaceWithin(e.texts, node.range, /\bsigmoid\b/, 'tanh'),
  ]);
  if (edits.length === 0) return passed;
  const trial = protocol(e, editVariant('uncentred-activations', edits), twiceAsFar(lossFloor(e.experiment)));
  if (trial.kind === 'wants') return wants('a re-run with tanh units', ...trial.trials);
  if (trial.kind === 'unavailable') return undecided('a re-run with tanh units');
  if (!trial.helped) return passed;
  const centre = last(worst.reading) ?? 0;
  const message =
    `The outputs of these sigmoids hardly vary around their mean: its square is ${amount(centre)} of their mean square at step ${grouped(lastStep(worst.reading))}. With tanh, re-run from the start, ` +
    `the probe loss ends at ${lossAmount(trial.after.probeLoss.end)} instead of ${lossAmount(trial.before.probeLoss.end)}. ${howTried(trial.after, e.run, trial.seeds)}`;
  return found(
    finding('uncentred-activations', trial.seeds < 2 ? 'information' : 'warning', worst.node.range, message, {
      evidence: [
        {
          quantity: `activationCentre/${worst.node.name}`,
          step: lastStep(worst.reading),
          value: centre,
          limit: 0.9,
          unit: 'fraction',
        },
      ],
      fixes: [{ title: 'Use tanh', edits, verified: verification(trial) }],
    }),
  );
}
