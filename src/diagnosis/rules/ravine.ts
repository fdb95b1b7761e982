import { lossLeft } from '../course';
import { finding } from '../finding';
import { limitsInForce, excess } from '../limitInForce';
import { momentumVerdict } from '../momentumTrial';
import { zigzag } from '../zigzag';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided } from '../rule';
import { lossSpan } from '../lossSpan';
import { clearlyBetter, tooSlowForAll, twiceAsFar } from '../trials';
import { amount, howMuch, percent } from '../words';

/** Steps zigzag between steep walls while the loss falls slowly along the floor. */
export const ravine = {
  id: 'ravine',
  tier: 3,
  severity: 'warning',
  title: 'Steps zigzag across a steep valley and get on slowly along it.',
  explanation: `In a ravine the gradient points across, not along. With a rate between 1 and 2 over the steepest curvature each step
overshoots the floor; a lower rate would stop the zigzag, and slow the way along it further.

**How it is measured.** The median cosine of successive gradients over the last half of the run is under -.5 (the steps point
back) and more than a tenth of the loss is left. Then the script is re-run from its start with momentum .9 and the same rate. It warns only if that falls more than twice as far; the zigzag alone is information.

**No fault:** the edge of stability, where gradients turn round just so and the loss falls all the same; a fitted loss.

Source: Cohen et al. 2021 for the cosine; Polyak 1964 for the remedy.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { optimizer } = e.experiment;
  if (optimizer === null) return undecided('an optimizer that can be read');
  if (optimizer.kind !== 'sgd' || optimizer.settings.momentum.value >= 0.5) return irrelevant;
  if (e.run === null) return undecided('a run of the script');
  if (e.measurements.gradientCosine === undefined) return undecided('the cosine of successive gradients');
  const cosine = zigzag(e);
  if (cosine === null || e.run.stoppedBy === 'divergence' || lossLeft(e) < 0.1) return passed;
  const point = limitsInForce(e)?.points.at(-1);
  const share = point === undefined ? '' : ` The rate is ${percent(excess(point))} of the local limit at step ${point.step}.`;
  const span = lossSpan(e);
  const { ofSteps } = e.run;
  const words = `Successive gradients point back at each other (median cosine ${amount(cosine)} over the last half) while ${percent(lossLeft(e))} of the loss is left: the steps zigzag across a ravine.${share}`;
  const evidence = [{ quantity: 'gradientCosine', step: e.run.steps, value: cosine, limit: -0.5, unit: 'cosine' }];
  const verdict = momentumVerdict(e, {
    rule: 'ravine',
    range: optimizer.name,
    words,
    momentum: 0.9,
    evidence,
    helps: clearlyBetter(span),
    warns: (after, before) => twiceAsFar(span)(after, before) && tooSlowForAll(before, ofSteps, span),
  });
  if (verdict.kind !== 'passed') return verdict;
  return found(
    finding(
      'ravine',
      'information',
      optimizer.name,
      `${words} With momentum 0.9 the run was not clearly better. ${howMuch(e.run)}`,
      { evidence },
    ),
  );
}
