import { batchNoise } from '../batchNoise';
import { finding } from '../finding';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided } from '../rule';
import { median, read } from '../series';
import { grouped, howMuch } from '../words';

/** The batch is many times the noise scale all along. */
export const batchTooLarge = {
  id: 'batch-too-large',
  tier: 3,
  severity: 'information',
  title: 'Batches hold many times more rows than the gradient needs.',
  explanation: `Above the noise scale more rows hardly change the gradient: the work of a step grows, its worth does not.

**How it is measured.** The batch is above ten times the noise scale, in the median over the first half of the run and over
the whole of it, and there are batches of 64 rows or more [own].

It is information: the best batch is where worth and seconds per step meet, and on hardware that computes rows side by side
a large batch may cost nothing.

Source: McCandlish et al. 2018.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { batches } = e.experiment;
  if (batches === null) return undecided('how rows become batches');
  if (batches.batchSize === null) return irrelevant;
  if (e.run === null) return undecided('a run of the script');
  const noise = batchNoise(e);
  if (noise === null) return undecided('the gradient noise along the run');
  const all = median(read(e.measurements, 'noiseScale').values);
  if (noise.batch < 64 || noise.batch <= 10 * noise.scale || noise.batch <= 10 * all) return passed;
  return found(
    finding(
      'batch-too-large',
      'information',
      batches.batchSize.place,
      `Batches of ${grouped(noise.batch)} rows are over ten times the noise scale, about ${grouped(Math.max(1, noise.scale))} rows: smaller ones would give nearly the same gradient for less work. ${howMuch(e.run)}`,
      {
        evidence: [{ quantity: 'noiseScale', step: 0, value: noise.scale, limit: noise.batch / 10, unit: 'rows' }],
      },
    ),
  );
}
