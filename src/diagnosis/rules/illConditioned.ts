import { lossLeft } from '../course';
import { finding } from '../finding';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided } from '../rule';
import { last, lastStep, read } from '../series';
import { howMuch, percent } from '../words';

/** Most of the loss that is left lies in directions too flat for the run. */
export const illConditioned = {
  id: 'ill-conditioned',
  tier: 3,
  severity: 'information',
  title: 'Most of the remaining loss lies in directions that are too flat to be learned in the run.',
  explanation: `A direction of curvature λ is slow when η·λ·T/(1-μ) < 1 over the T steps of the whole script. The rate cannot be raised
for it, because the steep directions set the limit.

**How it is measured.** The share of the loss by direction, from a Lanczos run started at the gradient: more than half of what
is left lies in slow directions, and more than a tenth of the loss is left. [own]

It is information: it explains plateaus and ravines. Remedies are scaled inputs, normalising layers, momentum, or an
adaptive optimizer.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { optimizer } = e.experiment;
  if (optimizer === null || e.run === null) return undecided('a run of the script');
  const reading = read(e.measurements, 'slowModeShare');
  const share = last(reading);
  if (share === undefined) return undecided('the share of the loss in flat directions');
  if (share <= 0.5 || lossLeft(e) < 0.1) return passed;
  const error = last(read(e.measurements, 'slowModeShareError'));
  if (error !== undefined && share - error <= 0.5)
    return undecided('the share of the loss in flat directions without so large an error');
  return found(
    finding(
      'ill-conditioned',
      'information',
      optimizer.name,
      `${percent(share)} of the loss at step ${lastStep(reading)} lies in directions too flat to be learned in the whole run at this rate. ${howMuch(e.run)}`,
      {
        evidence: [
          {
            quantity: 'slowModeShare',
            step: lastStep(reading),
            value: share,
            ...(error === undefined ? {} : { error }),
            limit: 0.5,
            unit: 'fraction',
          },
        ],
      },
    ),
  );
}
