import { lossLeft } from '../course';
import { finding } from '../finding';
import { weighingNodes } from '../graphWalk';
import { initRemedies, initVariant, parameterOf } from '../initEdits';
import { lossSpan } from '../lossSpan';
import type { Remedy } from '../removal';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, foundMeanwhile, irrelevant, passed, undecided } from '../rule';
import type { Finding, Fix } from '../../records/finding';
import type { Quantity } from '../../records/measurement';
import type { ModelGraph } from '../../records/model/graph';
import type { TrialRequest } from '../../records/trial';
import { lastStep, read, thin, valueAt } from '../series';
import { reluRemedy, tanhRemedy, tanhVariant } from '../activationRemedies';
import type { Variant } from '../trials';
import { editVariant, protocol, twiceAsFar, verification } from '../trials';
import { amount, howMuch, lossAmount, percent } from '../words';

/** The first layers get a thousandth of the gradient of the last, and the loss stays high. */
export const vanishingGradient = {
  id: 'vanishing-gradient',
  tier: 2,
  severity: 'warning',
  title: 'The first layers get hardly any gradient, and the loss stays high.',
  explanation: `Each layer multiplies the gradient on its way back; saturating activations and small weights make that factor small, and
many layers its product tiny.

**How it is measured.** The gradient norm of the first layer's weights against the last layer's: under a thousandth at each
of the last three quarters of the run, in a net of three layers or more, with more than half of the loss left. Then usual
first values, tanh for sigmoids, and ReLU are tried from the start; the first with which the run gets twice as far is the fix.

**No fault:** small ratios while the loss is fitted; adaptive optimizers, which make up for it (then the loss falls).

Source: Glorot and Bengio 2010; the ratio as in AutoTrainer 2021.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null || e.run === null) return undecided('a run of the script');
  const layers = weighingNodes(model);
  const [firstLayer, lastLayer] = [layers[0], layers.at(-1)];
  if (firstLayer === undefined || lastLayer === undefined || layers.length < 3) return irrelevant;
  const [near, far] = [firstLayer, lastLayer].map((node) =>
    read(e.measurements, `gradientNorm/${parameterOf(model, node, 'weight')?.name ?? ''}` as Quantity),
  );
  if (near === undefined || far === undefined || near.values.length < 4 || far.values.length < 4)
    return undecided('the gradient norms of the layers');
  const late = thin(near, 40);
  const ratios = late.steps.flatMap((step, i) => {
    const other = valueAt(far, step);
    return step >= 0.25 * (e.run?.steps ?? 0) && other !== undefined && other > 0 ? [(late.values[i] as number) / other] : [];
  });
  const worst = Math.max(...ratios);
  if (ratios.length < 3 || worst >= 1e-3 || worst === 0 || lossLeft(e) < 0.5) return passed;
  const remedy = firstThatHelps(e, model);
  const seen = howMuch(e.run);
  const say = (words: string, fixes: readonly Fix[]): Finding =>
    finding(
      'vanishing-gradient',
      'warning',
      firstLayer.range,
      `The gradient of this layer is at most ${amount(worst)} of that of the last layer over the last three quarters of the run, and ${percent(lossLeft(e))} of the loss is left: the first layers hardly learn.${words} ${seen}`,
      {
        evidence: [
          {
            quantity: `gradientNorm/${parameterOf(model, firstLayer, 'weight')?.name ?? firstLayer.name}`,
            step: lastStep(near),
            value: worst,
            limit: 1e-3,
            unit: 'of the last layer',
          },
        ],
        fixes,
      },
    );
  if (remedy.kind === 'wants') return foundMeanwhile([say('', [])], 're-runs with other activations', remedy.trials);
  return found(remedy.kind === 'none' ? say(remedy.words, []) : say(remedy.words, [remedy.fix]));
}

type Search =
  | { readonly kind: 'wants'; readonly trials: readonly TrialRequest[] }
  | { readonly kind: 'none'; readonly words: string }
  | { readonly kind: 'helps'; readonly fix: Fix; readonly words: string };

/** The first of the usual remedies with which the run gets twice as far: first values that suit, tanh for sigmoids, ReLU. */
function firstThatHelps(e: Evidence, model: ModelGraph): Search {
  const init = initRemedies(e, model);
  const [tanh, relu] = [tanhRemedy(e, model), reluRemedy(e, model)];
  const candidates: readonly (readonly [Remedy, Variant])[] = [
    ...(init === null ? [] : [[init, initVariant(init)] as const]),
    ...(tanh === null ? [] : [[tanh, tanhVariant(tanh)] as const]),
    ...(relu === null ? [] : [[relu, editVariant('vanishing-gradient', relu.edits, 'relu')] as const]),
  ];
  const failed: string[] = [];
  for (const [remedy, variant] of candidates) {
    const trial = protocol(e, variant, twiceAsFar(lossSpan(e)));
    if (trial.kind === 'wants') return trial;
    if (trial.kind === 'unavailable') continue;
    if (!trial.helped) {
      failed.push(remedy.title);
      continue;
    }
    const { before, after, seeds } = trial;
    const words = ` ${remedy.title}, re-run from the start: the probe loss ends at ${lossAmount(after.probeLoss.end)} instead of ${lossAmount(before.probeLoss.end)}, on ${seeds === 1 ? '1 seed' : `${seeds} seeds`}.`;
    return { kind: 'helps', words, fix: { ...remedy, verified: verification(trial) } };
  }
  return { kind: 'none', words: failed.length === 0 ? '' : ` Tried without success: ${failed.join('; ')}.` };
}
