import { courseOfLoss } from '../course';
import { finding } from '../finding';
import { excess, limitEvidence, limitsInForce, limitWords } from '../limitInForce';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided } from '../rule';
import { first, last, mannKendall } from '../series';
import { howMuch } from '../words';

/** The rate is above the local limit, and the loss falls all the same. */
export const edgeOfStability = {
  id: 'edge-of-stability',
  tier: 3,
  severity: 'information',
  title: 'The rate is at or above the local limit for much of the run, and the loss falls: the edge of stability.',
  explanation: `Training on all rows tends to raise the curvature until the rate is at the limit, and then stays there: the loss goes up and
down from step to step and falls over the long run. That is normal and needs no change.

**How it is measured.** The rate is above the local limit at a third or more of the measured points, while the loss falls
over the run (Mann-Kendall at p .05) and ends below its start.

Source: Cohen et al. 2021, *Gradient descent on neural networks typically occurs at the edge of stability*.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { optimizer } = e.experiment;
  if (optimizer === null || e.run === null) return undecided('a run of the script');
  const limits = limitsInForce(e);
  if (limits === null) return undecided('the curvature of the loss along the run');
  const over = limits.points.filter((point) => excess(point) > 1);
  const point = over.at(-1);
  if (point === undefined || over.length < limits.points.length / 3) return passed;
  const loss = courseOfLoss(e);
  const [start, end] = [first(loss), last(loss)];
  if (start === undefined || end === undefined || end >= start || mannKendall(loss) > -1.64) return passed;
  return found(
    finding(
      'edge-of-stability',
      'information',
      optimizer.name,
      `At ${over.length} of ${limits.points.length} measured points the rate is above its local limit, and the loss falls over the run all the same: the edge of stability, which is normal. ${limitWords(limits, point)} ${howMuch(e.run)}`,
      {
        evidence: limitEvidence(point),
      },
    ),
  );
}
