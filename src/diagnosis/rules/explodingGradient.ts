import { insertStatement } from '../edits';
import { finding } from '../finding';
import { isRecurrent, weighingNodes } from '../graphWalk';
import { modelName } from '../modelName';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided, wants } from '../rule';
import { median, read } from '../series';
import { clearlyBetter, editVariant, protocol, verification } from '../trials';
import { amount, grouped, howTried, lossAmount } from '../words';
import { lossSpan } from '../lossSpan';

/** Spikes of the gradient throw the run back, and clipping cures it. */
export const explodingGradient = {
  id: 'exploding-gradient',
  tier: 2,
  severity: 'warning',
  title: 'Spikes of the gradient throw the run back; clipping cures it.',
  explanation: `A step follows the gradient in length too: one that is a hundred times the usual undoes many others.

**How it is measured.** Gradient norms above a hundred times their median [own] raise the suspicion, where the script does not
clip. Re-run from its start with the norm clipped at the 90th percentile, it must be clearly better on two seeds.

**No fault:** large gradients in the first steps; spikes that the run takes without harm; scripts that clip.

Source: Pascanu, Mikolov and Bengio 2013; the percentile from the tuning playbook.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { loop, model } = e.experiment;
  if (loop === null || model === null || e.run === null) return undecided('a run of the script');
  const norms = read(e.measurements, 'gradientNorm');
  if (norms.values.length < 20) return undecided('the gradient norms of twenty steps or more');
  if (loop.clipping !== null) return passed;
  const usual = median(norms.values);
  const highest = Math.max(...norms.values);
  const step = norms.steps[norms.values.indexOf(highest)] ?? 0;
  if (!(usual > 0) || highest <= 100 * usual || step < 0.02 * e.run.steps) return passed;
  const limit = roundUp([...norms.values].sort((a, b) => a - b)[Math.floor(0.9 * norms.values.length)] ?? usual);
  const name = modelName(e);
  const edits =
    name === null || loop.step === null
      ? []
      : insertStatement(e.texts, loop.step, 'before', `torch.nn.utils.clip_grad_norm_(${name}.parameters(), max_norm=${limit})`);
  if (edits.length === 0) return passed;
  const trial = protocol(e, editVariant('exploding-gradient', edits), clearlyBetter(lossSpan(e)));
  if (trial.kind === 'wants') return wants('a re-run with clipped gradients', ...trial.trials);
  if (trial.kind === 'unavailable') return undecided('a re-run with clipped gradients');
  if (!trial.helped) return passed;
  // Products with the same weights at every time are where gradients explode.
  const range = (model.nodes.find(isRecurrent) ?? weighingNodes(model)[0])?.range ?? loop.range;
  const message =
    `The gradient norm reaches ${amount(highest)} at step ${grouped(step)}, ${amount(highest / usual)} times its median. With the norm clipped at ${limit}, re-run from the start, ` +
    `the probe loss ends at ${lossAmount(trial.after.probeLoss.end)} instead of ${lossAmount(trial.before.probeLoss.end)}. ${howTried(trial.after, e.run, trial.seeds)}`;
  return found(
    finding('exploding-gradient', trial.seeds < 2 ? 'information' : 'warning', range, message, {
      evidence: [{ quantity: 'gradientNorm', step, value: highest, limit: 100 * usual, unit: 'loss per unit of parameter' }],
      fixes: [{ title: `Clip the gradient norm at ${limit}`, edits, verified: verification(trial) }],
    }),
  );
}

/** One significant digit, rounded up. */
function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return Number((Math.ceil(value / unit) * unit).toPrecision(2));
}
