import { bendEdits, linearStack } from '../bends';
import { isFlat, lossLeft } from '../course';
import { niceRate } from '../edits';
import { finding, place } from '../finding';
import { lossSpan } from '../lossSpan';
import { rateSetting, rateSettingEdits, rateVariant } from '../rateSetting';
import type { Remedy } from '../removal';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided, wants } from '../rule';
import { costsValidation, editVariant, muchBetter, protocol, request, resultOf, verification } from '../trials';
import { amount, howMuch, howTried, lossAmount, percent } from '../words';

/** Layers upon layers without an activation in between, on data that no linear model fits. */
export const missingActivation = {
  id: 'missing-activation',
  tier: 2,
  severity: 'warning',
  title: 'The layers have no activation between them, and the data need one.',
  explanation: `A linear layer after a linear layer is one linear layer: however deep the stack, it draws straight lines only.

**How it is measured.** No activation anywhere between the layers of the model, and a fifth of the loss or more left at the end of the run. With
a ReLU after each layer but the last, re-run from its start, it must fall more than twice as far or leave less than half as much, on two
seeds, and validation must not be worse. Where plain gradient descent stands still, ten times the rate is tried with it, and then both must
be that much better than that rate alone.

**No fault:** a single layer (regression); stacks of layers that fit the data as they are, or are as good as with activations, such as
a linear autoencoder.

Thresholds: own.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null) return undecided('a model that can be read');
  const stack = linearStack(model);
  const [first] = stack;
  if (first === undefined) return irrelevant;
  if (e.run === null) return undecided('a run of the script');
  if (e.run.stoppedBy === 'divergence' || lossLeft(e) < 0.2) return passed;
  const edits = bendEdits(e, stack);
  const [written] = edits;
  const range = e.experiment.unit.framework === 'sklearn' && written !== undefined ? place(written) : first.range;
  const words = `The ${stack.length} layers of this model have no activation between them: together they are a single linear map.`;
  if (edits.length === 0)
    return lossLeft(e) < 0.5
      ? passed
      : found(
          finding(
            'missing-activation',
            'information',
            first.range,
            `${words} The run ends with ${percent(lossLeft(e))} of its loss left; activations were not tried. ${howMuch(e.run)}`,
          ),
        );
  for (const { name, title, rate, edits: tried } of [plain(edits), ...withRate(e, edits)]) {
    const trial = protocol(e, editVariant('missing-activation', tried, name), muchBetter(lossSpan(e)));
    if (trial.kind === 'wants') return wants('a re-run with activations', ...trial.trials);
    if (trial.kind === 'unavailable') return undecided('a re-run with activations');
    if (!trial.helped || costsValidation(trial.after, trial.before)) continue;
    if (rate !== null) {
      const alone = resultOf(e, rateVariant(e, rate));
      if (alone === undefined) return wants('a re-run with the rate alone', request(rateVariant(e, rate), 0));
      if (!muchBetter(lossSpan(e))(trial.after, alone)) continue;
    }
    const shown = `${title}, re-run from the start: the probe loss ends at ${lossAmount(trial.after.probeLoss.end)}, as written at ${lossAmount(trial.before.probeLoss.end)}.`;
    return found(
      finding(
        'missing-activation',
        trial.seeds < 2 ? 'information' : 'warning',
        range,
        `${words} ${shown} ${howTried(trial.after, e.run, trial.seeds)}`,
        { fixes: [{ title, edits: tried, verified: verification(trial) }] },
      ),
    );
  }
  return passed;
}

interface BendingRemedy extends Remedy {
  readonly name: string;
  /** The rate that it sets too. */
  readonly rate: number | null;
}

const plain = (edits: Remedy['edits']): BendingRemedy => ({
  name: 'fix',
  title: 'Put a ReLU after each layer but the last',
  rate: null,
  edits,
});

/** Where the loss stands still at plain descent, a linear map may have been at its best with a rate that is low for anything else. */
function withRate(e: Evidence, edits: Remedy['edits']): readonly BendingRemedy[] {
  const setting = rateSetting(e);
  if (e.experiment.optimizer?.kind !== 'sgd' || setting === null || !isFlat(e) || lossLeft(e) < 0.8) return [];
  const rate = niceRate(10 * setting.rate.value);
  const change = rateSettingEdits(e, rate);
  if (change.length === 0) return [];
  const title = `${plain(edits).title} and set the learning rate to ${amount(rate)}`;
  return [{ name: 'fix+lr', title, rate, edits: [...edits, ...change] }];
}
