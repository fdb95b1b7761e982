import { insertStatement } from '../edits';
import { finding } from '../finding';
import { lossSpan } from '../lossSpan';
import type { Remedy } from '../removal';
import { settle } from '../removal';
import type { Evidence, Outcome, Rule } from '../rule';
import { irrelevant, passed, undecided } from '../rule';
import { textAt } from '../text';
import { clearlyBetter, failed } from '../trials';

/** Gradients are added up over all steps, because nothing clears them. */
export const missingZeroGrad = {
  id: 'missing-zero-grad',
  tier: 0,
  severity: 'error',
  title: 'Gradients are never cleared, so each step follows the sum of all earlier ones.',
  explanation: `\`backward()\` adds to \`.grad\`. Without \`zero_grad()\` each step follows the sum of all gradients so far: for gradient descent
that is heavy ball with momentum 1. Nothing damps it; below the limit 4/λ it swings for ever with period
2π/arccos(1-ηλ/2), above it diverges.

**How it is found.** In the loop that calls \`backward()\` and \`step()\`, no call clears the gradients, or one clears them
only once an epoch while steps are taken for every batch.

**No fault:** accumulation over a counted number of batches; clearing once an epoch when an epoch is one step.

Source: PyTorch's autograd; the heavy-ball limit 2(1+μ)/η at μ = 1.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { loop, optimizer } = e.experiment;
  if (e.experiment.unit.framework !== 'pytorch') return irrelevant;
  if (loop === null || optimizer === null) return undecided('a training loop that can be read');
  if (loop.backward === null || loop.step === null || loop.accumulation > 1) return irrelevant;
  if (loop.zeroGrad.when === 'everyStep' || loop.zeroGrad.when === 'beforeStep') return passed;
  if (loop.zeroGrad.when === 'everyEpoch') {
    if (e.experiment.batches === null) return undecided('how rows become batches');
    if (e.experiment.batches.sampling === 'full') return passed;
    if (e.run === null) return undecided('the number of steps in one epoch');
    if (e.run.stepsPerEpoch <= 1) return passed;
  }
  const backward = loop.backward;
  const rarely = loop.zeroGrad.when === 'everyEpoch';
  const place = rarely && loop.zeroGrad.range !== null ? loop.zeroGrad.range : backward;
  const span = lossSpan(e);
  return settle(
    e,
    'missing-zero-grad',
    remedy(e),
    (words, fixes, trial) =>
      finding(
        'missing-zero-grad',
        trial === 'failed' ? 'warning' : 'error',
        place,
        `${rarely ? 'Gradients are cleared once an epoch, but a step is taken for every batch' : 'No call clears the gradients before backward()'}: ` +
          `each step follows the sum of the gradients so far, which acts as momentum 1 and is never damped.${words}`,
        { fixes },
      ),
    (after, before) =>
      clearlyBetter(span)(after, before) ||
      (!failed(before) && after.status === 'trained' && after.probeLoss.end <= before.probeLoss.end),
  );
}

function remedy(e: Evidence): Remedy | null {
  const { loop } = e.experiment;
  if (loop?.step == null || loop.backward === null) return null;
  const name = /^([\w.]+)\.step\s*\(/.exec(textAt(e.texts, loop.step) ?? '')?.[1];
  if (name === undefined) return null;
  const edits = insertStatement(e.texts, loop.backward, 'before', `${name}.zero_grad()`);
  return edits.length === 0 ? null : { title: `Insert ${name}.zero_grad() before backward()`, edits };
}
