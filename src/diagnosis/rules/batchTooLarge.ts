import { batchNoise, errorOf } from '../batchNoise';
import type { RunSummary } from '../../records/measurement';
import type { Sourced } from '../../records/source';
import { setValue } from '../edits';
import { takesFewSteps } from '../fewSteps';
import { finding } from '../finding';
import { lossSpan } from '../lossSpan';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided, wants } from '../rule';
import { median, read } from '../series';
import { protocol, twiceAsFar, verification } from '../trials';
import { grouped, howMuch, lossAmount, roundedWithin } from '../words';

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

It is a warning where such batches, or ones of a quarter of the rows and more, leave the whole script fewer than a hundred steps and
more than half of the loss, and with batches of 32 and as many passes over the rows it falls more than twice as far, on two seeds. [own]

Source: McCandlish et al. 2018.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { batches } = e.experiment;
  if (batches === null) return undecided('how rows become batches');
  if (batches.batchSize === null) return irrelevant;
  if (e.run === null) return undecided('a run of the script');
  const slow = tooFewStepsOf(e, batches.batchSize, e.run);
  if (slow !== null) return slow;
  const noise = batchNoise(e);
  if (noise === null) return undecided('the gradient noise along the run');
  const all = median(read(e.measurements, 'noiseScale').values);
  if (noise.batch < 64 || noise.batch <= 10 * noise.scale || noise.batch <= 10 * all) return passed;
  return found(
    finding(
      'batch-too-large',
      'information',
      batches.batchSize.place,
      `Batches of ${grouped(noise.batch)} rows are over ten times the noise scale, about ${roundedWithin(Math.max(1, noise.scale), noise.error)} rows: smaller ones would give nearly the same gradient for less work. ${howMuch(e.run)}`,
      {
        evidence: [
          { quantity: 'noiseScale', step: 0, value: noise.scale, ...errorOf(noise), limit: noise.batch / 10, unit: 'rows' },
        ],
      },
    ),
  );
}

/** What is tried in place of batches that leave hardly any steps. */
const usual = 32;

/** Batches so large that the script's passes over the rows make too few steps, shown by as many passes in small batches. */
function tooFewStepsOf(e: Evidence, batchSize: Sourced<number>, run: RunSummary): Outcome | null {
  const size = Math.min(batchSize.value, run.rows);
  const noise = batchNoise(e);
  // A run that ends for another reason does not lack steps.
  if (run.stoppedBy === 'divergence') return null;
  const large = size >= 128 && (4 * size >= run.rows || (noise !== null && size > 10 * noise.scale));
  if (!large || !takesFewSteps(e)) return null;
  const epochs = Math.max(1, e.experiment.loop?.epochs.value ?? 1);
  const changes = [
    { field: 'batchSize', value: usual },
    // As many passes over the rows, and so more steps.
    { field: 'epochs', value: (epochs * size) / usual },
  ] as const;
  const trial = protocol(e, { label: `batch=${usual}`, changes }, twiceAsFar(lossSpan(e)));
  if (trial.kind === 'wants') return wants('a re-run with smaller batches', ...trial.trials);
  if (trial.kind === 'unavailable' || !trial.helped) return null;
  const { before, after } = trial;
  const edits = batchSize.isDefault
    ? []
    : setValue(e.texts, batchSize, e.experiment.batches?.range ?? batchSize.place, 'batch_size', usual);
  const message =
    `Batches of ${grouped(size)} rows leave the whole script ${grouped(run.ofSteps)} step${run.ofSteps === 1 ? '' : 's'}, after which the probe loss is ${lossAmount(before.probeLoss.end)} (start ${lossAmount(before.probeLoss.start)}). ` +
    `As many passes over the rows in batches of ${usual} get to ${lossAmount(after.probeLoss.end)}. Tried on ${trial.seeds === 1 ? '1 seed' : `${trial.seeds} seeds`} over ${grouped(after.steps)} steps.`;
  return found(
    finding('batch-too-large', trial.seeds < 2 ? 'information' : 'warning', batchSize.place, message, {
      fixes: edits.length === 0 ? [] : [{ title: `Set the batch size to ${usual}`, edits, verified: verification(trial) }],
    }),
  );
}
