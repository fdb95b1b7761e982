import { lossLeft, signalRules } from '../course';
import { momentumVerdict } from '../momentumTrial';
import { zigzag } from '../zigzag';
import type { Evidence, Outcome, Rule } from '../rule';
import { irrelevant, passed, undecided } from '../rule';
import { last, median, read, tail } from '../series';
import { lossSpan } from '../lossSpan';
import { betterBy, tooSlowForAll, twiceAsFar } from '../trials';
import { percent } from '../words';

/** Momentum would get much further on flat directions. */
export const momentumTooLow = {
  id: 'momentum-too-low',
  tier: 3,
  severity: 'warning',
  title: 'The run crawls along flat directions; momentum would get much further.',
  explanation: `Gradient descent needs about κ steps for the flattest direction, heavy ball about √κ: at κ = 1,000, 278 steps become 62. The
gain comes with the rate unchanged; with the rate scaled by (1-μ) nothing is gained.

**How it is measured.** SGD with momentum under .5 whose steps are ruled by the mean gradient (all rows, or a median
signal-to-noise ratio of 1 or more) and whose successive gradients point the same way over the last half (median cosine .9
or more): it crawls. Re-run from the start with momentum .9 and the same rate it ends a quarter lower or more, on two
seeds. It warns only if that falls more than twice as far, and the script is not merely cut short; else it is information.

**No fault:** runs ruled by noise, where momentum only raises the noise floor.

Source: Polyak 1964. Thresholds: own.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { optimizer } = e.experiment;
  if (optimizer === null) return undecided('an optimizer that can be read');
  if (optimizer.kind !== 'sgd' || optimizer.settings.momentum.value >= 0.5) return optimizer.kind === 'sgd' ? passed : irrelevant;
  if (e.run === null) return undecided('a run of the script');
  if (e.run.stoppedBy === 'divergence' || lossLeft(e) < 0.02 || !signalRules(e)) return passed;
  // A zigzag across a valley is a ravine: the same remedy, another finding.
  if (zigzag(e) !== null) return passed;
  const slow = last(read(e.measurements, 'slowModeShare'));
  const error = last(read(e.measurements, 'slowModeShareError'));
  if (slow !== undefined && slow < 0.3) return passed;
  if (median(tail(read(e.measurements, 'gradientCosine'), 0.5).values) < 0.9) return passed;
  const { momentum } = optimizer.settings;
  const span = lossSpan(e);
  const { ofSteps } = e.run;
  const share =
    slow === undefined ? '' : ` ${percent(slow)} of the loss lies in directions too flat to be learned in the whole run.`;
  return momentumVerdict(e, {
    rule: 'momentum-too-low',
    range: momentum.isDefault ? optimizer.name : momentum.place,
    words: `With momentum ${momentum.value} the run moves slowly along flat directions.${share}`,
    momentum: 0.9,
    evidence:
      slow === undefined
        ? []
        : [
            {
              quantity: 'slowModeShare',
              step: e.run.steps,
              value: slow,
              ...(error === undefined ? {} : { error }),
              limit: 0.3,
              unit: 'fraction',
            },
          ],
    helps: betterBy(span, { ratio: 1.25, gain: 0.02 }),
    warns: (after, before) => twiceAsFar(span)(after, before) && tooSlowForAll(before, ofSteps, span),
  });
}
