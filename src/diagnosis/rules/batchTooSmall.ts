import { batchNoise, errorOf } from '../batchNoise';
import { finding } from '../finding';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided } from '../rule';
import { grouped, howMuch, roundedWithin } from '../words';

/** The batch is a small part of the noise scale. */
export const batchTooSmall = {
  id: 'batch-too-small',
  tier: 3,
  severity: 'information',
  title: 'Single batches say little about the gradient: far fewer rows than the noise scale.',
  explanation: `The noise scale trΣ/‖g‖² is the number of rows at which sampling noise equals the gradient. With a batch B the best rate is
η*/(1+B_noise/B): far below it most of each step is noise, and steps with more rows would be longer ones.

**How it is measured.** The median of the noise scale over the first half of the run is above fifty times the batch [own]. It
grows towards convergence by nature, so the second half does not count.

It is information: small batches may be wanted, and the simple noise scale can be far off the one that weighs by curvature
(17-fold in a test).

Source: McCandlish et al. 2018, *An empirical model of large-batch training*.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { batches } = e.experiment;
  if (batches === null) return undecided('how rows become batches');
  if (batches.batchSize === null) return irrelevant;
  if (e.run === null) return undecided('a run of the script');
  const noise = batchNoise(e);
  if (noise === null) return undecided('the gradient noise along the run');
  if (noise.scale <= 50 * noise.batch || noise.batch * 4 > e.run.rows) return passed;
  return found(
    finding(
      'batch-too-small',
      'information',
      batches.batchSize.place,
      `Batches of ${grouped(noise.batch)} rows are a small part of the noise scale, about ${roundedWithin(noise.scale, noise.error)} rows (median over the first half): most of each step is noise. This simple noise scale can be several times off. ${howMuch(e.run)}`,
      {
        evidence: [
          { quantity: 'noiseScale', step: 0, value: noise.scale, ...errorOf(noise), limit: 50 * noise.batch, unit: 'rows' },
        ],
      },
    ),
  );
}
