import { isFlat, lossLeft } from '../course';
import { finding } from '../finding';
import { nodeNamed } from '../graphWalk';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided, wants } from '../rule';
import type { Reading } from '../series';
import { last, lastStep, median, readEach } from '../series';
import { clearlyBetter, protocol, twiceAsFar, verification } from '../trials';
import { hiddenSigmoids, tanhRemedy, tanhVariant } from '../activationRemedies';
import { amount, grouped, howTried, lossAmount } from '../words';
import { lossSpan } from '../lossSpan';

/** Hidden sigmoids whose outputs hardly vary around their mean, to the run's harm. */
export const uncentredActivations = {
  id: 'uncentred-activations',
  tier: 2,
  severity: 'warning',
  title: 'Hidden activations lie far from zero, and a centred activation gets much further.',
  explanation: `Activations with a large mean are to the next layer what uncentred inputs are to the first: one steep direction in the
loss, and many flat ones. Sigmoids, always positive, are the usual case.

**How it is measured.** The squared mean over the mean square of a hidden sigmoid layer above .9 at the start and
for most of the run raises the suspicion; with tanh in its place, re-run from the start, the run must be clearly better on two seeds. It warns if
the loss falls more than twice as far.

**No fault:** ReLU (.3 to .6 by nature); sigmoid nets that fit their data.

Sources: LeCun, Kanter and Solla 1991; LeCun et al. 1998.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null || e.run === null) return undecided('a run of the script');
  if (hiddenSigmoids(model).length === 0) return irrelevant;
  const layers = readEach(e.measurements, 'activationCentre');
  if (layers.length === 0) return undecided('the activations along the run');
  const [worst] = layers.flatMap(({ name, reading }) => {
    const node = nodeNamed(model, name);
    return node !== undefined && hiddenSigmoids(model).includes(node) && mostlyShifted(reading) ? [{ node, reading }] : [];
  });
  // A run that never left its start is a plateau: another finding.
  if (worst === undefined || lossLeft(e) < 0.1 || (isFlat(e) && lossLeft(e) > 0.8)) return passed;
  const remedy = tanhRemedy(e, model);
  if (remedy === null) return undecided('a re-run with tanh units');
  const span = lossSpan(e);
  const trial = protocol(e, tanhVariant(remedy), clearlyBetter(span));
  if (trial.kind === 'wants') return wants('a re-run with tanh units', ...trial.trials);
  if (trial.kind === 'unavailable') return undecided('a re-run with tanh units');
  if (!trial.helped) return passed;
  const far = trial.seeds > 1 && twiceAsFar(span)(trial.after, trial.before);
  const centre = last(worst.reading) ?? 0;
  const message =
    `The outputs of these sigmoids hardly vary around their mean: its square is ${amount(centre)} of their mean square at step ${grouped(lastStep(worst.reading))}. With tanh, re-run from the start, ` +
    `the probe loss ends at ${lossAmount(trial.after.probeLoss.end)} instead of ${lossAmount(trial.before.probeLoss.end)}. ${howTried(trial.after, e.run, trial.seeds)}`;
  return found(
    finding('uncentred-activations', far ? 'warning' : 'information', worst.node.range, message, {
      evidence: [
        {
          quantity: `activationCentre/${worst.node.name}`,
          step: lastStep(worst.reading),
          value: centre,
          limit: 0.9,
          unit: 'fraction',
        },
      ],
      fixes: [{ ...remedy, verified: verification(trial) }],
    }),
  );
}

/** Above .9 at the first measured step, and at half of all measured steps or more. */
const mostlyShifted = ({ values }: Reading): boolean => (values[0] ?? 0) > 0.9 && median(values) > 0.9;
