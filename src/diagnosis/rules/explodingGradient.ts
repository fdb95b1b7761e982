import { insertStatement, niceRate } from '../edits';
import { finding } from '../finding';
import { isRecurrent, weighingNodes } from '../graphWalk';
import { modelName } from '../modelName';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided, wants } from '../rule';
import { rateSetting, rateVariant } from '../rateSetting';
import type { Reading } from '../series';
import { median, read } from '../series';
import type { Variant } from '../trials';
import { clearlyBetter, editVariant, failed, protocol, request, resultOf, verification } from '../trials';
import { amount, grouped, howTried, lossAmount } from '../words';
import { lossSpan } from '../lossSpan';

/** Spikes of the gradient throw the run back, and clipping cures it. */
export const explodingGradient = {
  id: 'exploding-gradient',
  tier: 2,
  severity: 'warning',
  title: 'Spikes of the gradient throw the run back; clipping cures it.',
  explanation: `A step follows the gradient in length too: one that is a hundred times the usual undoes many others.

**How it is measured.** Gradient norms above a hundred times their median [own], or a recurrent net whose run fails, raise the suspicion, where
the script does not clip. Re-run from its start with the norm clipped at the 90th percentile (at 1 where the run failed), it must be
clearly better on two seeds, and clearly better than with a third and a tenth of the rate and no clipping: else the rate is at fault.

**No fault:** large gradients in the first steps; spikes that the run takes without harm; scripts that clip.

Source: Pascanu, Mikolov and Bengio 2013; the percentile from the tuning playbook.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { loop, model } = e.experiment;
  if (loop === null || model === null || e.run === null) return undecided('a run of the script');
  if (loop.clipping !== null) return passed;
  const norms = read(e.measurements, 'gradientNorm');
  const recurrent = model.nodes.find(isRecurrent);
  const fails = recurrent !== undefined && (e.run.stoppedBy === 'divergence' || (e.baseline !== null && failed(e.baseline)));
  if (!fails && norms.values.length < 20) return undecided('the gradient norms of twenty steps or more');
  // Where another net than a recurrent one ends above its start, the largest gradients are those of the divergence itself.
  if (!fails && e.baseline !== null && failed(e.baseline)) return passed;
  const spike = fails ? null : spikeOf(norms, e.run.steps);
  if (!fails && spike === null) return passed;
  const limit = spike?.limit ?? 1;
  const name = modelName(e);
  const edits =
    name === null || loop.step === null
      ? []
      : insertStatement(e.texts, loop.step, 'before', `torch.nn.utils.clip_grad_norm_(${name}.parameters(), max_norm=${limit})`);
  if (edits.length === 0) return passed;
  const better = clearlyBetter(lossSpan(e));
  const trial = protocol(e, editVariant('exploding-gradient', edits), better);
  if (trial.kind === 'wants') return wants('a re-run with clipped gradients', ...trial.trials);
  if (trial.kind === 'unavailable') return undecided('a re-run with clipped gradients');
  if (!trial.helped) return passed;
  const lower = lowerRates(e);
  const missing = lower.filter((variant) => resultOf(e, variant) === undefined);
  if (missing.length > 0) return wants('re-runs with lower rates', ...missing.map((variant) => request(variant, 0)));
  const results = lower.flatMap((variant) => resultOf(e, variant) ?? []);
  if (results.some((result) => !better(trial.after, result))) return passed;
  // Products with the same weights at every time are where gradients explode.
  const range = (recurrent ?? weighingNodes(model)[0])?.range ?? loop.range;
  const message = `${seen(spike, norms)} With the norm clipped at ${limit}, re-run from the start, the probe loss ends at ${lossAmount(trial.after.probeLoss.end)} instead of ${lossAmount(trial.before.probeLoss.end)}; lower rates without clipping do less. ${howTried(trial.after, e.run, trial.seeds)}`;
  return found(
    finding('exploding-gradient', trial.seeds < 2 ? 'information' : fails ? 'error' : 'warning', range, message, {
      evidence:
        spike === null
          ? []
          : [
              {
                quantity: 'gradientNorm',
                step: spike.step,
                value: spike.highest,
                limit: 100 * spike.usual,
                unit: 'loss per unit of parameter',
              },
            ],
      fixes: [{ title: `Clip the gradient norm at ${limit}`, edits, verified: verification(trial) }],
    }),
  );
}

interface Spike {
  readonly step: number;
  readonly highest: number;
  readonly usual: number;
  /** Where to clip. */
  readonly limit: number;
}

/** The largest gradient, where it is a hundred times the usual one and comes after the first steps; null else. */
function spikeOf(norms: Reading, steps: number): Spike | null {
  const usual = median(norms.values);
  const highest = Math.max(...norms.values);
  const step = norms.steps[norms.values.indexOf(highest)] ?? 0;
  if (!(usual > 0) || highest <= 100 * usual || step < 0.02 * steps) return null;
  const limit = roundUp([...norms.values].sort((a, b) => a - b)[Math.floor(0.9 * norms.values.length)] ?? usual);
  return { step, highest, usual, limit };
}

function seen(spike: Spike | null, norms: Reading): string {
  if (spike !== null)
    return `The gradient norm reaches ${amount(spike.highest)} at step ${grouped(spike.step)}, ${amount(spike.highest / spike.usual)} times its median.`;
  const finite = norms.values.filter((value) => Number.isFinite(value));
  const highest = finite.length === 0 ? NaN : Math.max(...finite);
  const step = norms.steps[norms.values.indexOf(highest)] ?? 0;
  return `This layer multiplies gradients by its weights at every time step, and the run fails: the gradient norm reaches ${amount(highest)} at step ${grouped(step)}.`;
}

/** A third and a tenth of the rate. */
const lowerRates = (e: Evidence): readonly Variant[] => {
  const setting = rateSetting(e);
  return setting === null ? [] : [3, 10].map((part) => rateVariant(e, niceRate(setting.rate.value / part)));
};

/** One significant digit, rounded up. */
function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return Number((Math.ceil(value / unit) * unit).toPrecision(2));
}
