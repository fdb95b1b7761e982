import { momentumVerdict } from '../momentumTrial';
import type { Evidence, Outcome, Rule } from '../rule';
import { irrelevant, passed, undecided } from '../rule';
import { lossSpan } from '../lossSpan';
import { betterBy } from '../trials';
import { asWritten, niceRate } from '../edits';
import { grouped } from '../words';

/** Momentum so high that the run overshoots and rings. */
export const momentumTooHigh = {
  id: 'momentum-too-high',
  tier: 3,
  severity: 'warning',
  title: 'Momentum is so high that the run overshoots and swings back for much of its length.',
  explanation: `A direction of curvature λ is under-damped when μ > (1-√(ηλ))²: it swings, and the swing dies by e only every 2/(1-μ) steps.
That matters when all directions that still hold loss are under-damped: then less momentum is faster.

**How it is measured.** Momentum of .95 or more raises the suspicion. Re-run from the start with less (.9, or .5 for a short
run) and the same rate (from .98 on also with ten times the rate, which still makes shorter steps), the run must end a tenth lower, by a tenth of all that was to be gained, on two seeds.

**No fault:** high momentum where a flat direction needs it.

Source: the roots of z² - (1+μ-ηλ)z + μ. Threshold: own.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { optimizer } = e.experiment;
  if (optimizer === null) return undecided('an optimizer that can be read');
  if (optimizer.kind !== 'sgd' || optimizer.settings.momentum.value === 0) return irrelevant;
  const { momentum } = optimizer.settings;
  if (momentum.value < 0.95 || momentum.value >= 1) return passed;
  if (e.run === null) return undecided('a run of the script');
  const settling = 2 / (1 - momentum.value);
  return momentumVerdict(e, {
    rule: 'momentum-too-high',
    range: momentum.place,
    words: `With momentum ${asWritten(e, momentum)} a swing dies by e only every ${grouped(settling)} steps, of ${grouped(e.run.ofSteps)} in all.`,
    momentum: 0.1 * e.run.ofSteps < 20 ? 0.5 : 0.9,
    ...(momentum.value >= 0.98 && e.experiment.schedules.length === 0
      ? { rate: niceRate(10 * optimizer.learningRate.value) }
      : {}),
    evidence: [{ quantity: 'momentum', step: 0, value: momentum.value, limit: 0.95, unit: 'fraction' }],
    helps: betterBy(lossSpan(e), { ratio: 1.1, gain: 0.1 }),
    warns: () => true,
  });
}
