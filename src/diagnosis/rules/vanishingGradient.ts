import { lossLeft } from '../course';
import { finding } from '../finding';
import { weighingNodes } from '../graphWalk';
import { parameterOf } from '../initEdits';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided } from '../rule';
import type { Quantity } from '../../records/measurement';
import { read, thin, valueAt } from '../series';
import { amount, howMuch, percent } from '../words';

/** The first layers get a thousandth of the gradient of the last, and the loss stays high. */
export const vanishingGradient = {
  id: 'vanishing-gradient',
  tier: 2,
  severity: 'warning',
  title: 'The first layers get hardly any gradient, and the loss stays high.',
  explanation: `Each layer multiplies the gradient on its way back; saturating activations and small weights make that factor small, and
many layers its product tiny.

**How it is measured.** The gradient norm of the first layer's weights against the last layer's: under a thousandth at each
of the last three quarters of the run, in a net of three layers or more, with more than half of the loss left.

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
  return found(
    finding(
      'vanishing-gradient',
      'warning',
      firstLayer.range,
      `The gradient of this layer is at most ${amount(worst)} of that of the last layer over the last three quarters of the run, and ${percent(lossLeft(e))} of the loss is left: the first layers hardly learn. ${howMuch(e.run)}`,
      {
        evidence: [
          {
            quantity: `gradientNorm/${parameterOf(model, firstLayer, 'weight')?.name ?? firstLayer.name}`,
            step: e.run.steps,
            value: worst,
            limit: 1e-3,
            unit: 'of the last layer',
          },
        ],
      },
    ),
  );
}
