import { finding } from '../finding';
import { nodeNamed } from '../graphWalk';
import { excess, limitsInForce, limitWords } from '../limitInForce';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided } from '../rule';
import { grouped } from '../words';

/** A value became infinite or not a number. */
export const nonFinite = {
  id: 'non-finite',
  tier: 2,
  severity: 'error',
  title: 'A value became infinite or not a number, and the run ended there.',
  explanation: `One value that is not finite spreads to all parameters within a step.

**How it is measured.** At the step where the loss first is not finite, the operations are run one by one in their order,
forward and then backward; the first whose result is not finite is named. Usual kinds: the logarithm of 0, an exponential
that overflows, 0/0 in a norm, missing values in the data, a rate above the limit.

Where \`lr-diverges\` finds a rate that trains, that is the cause and this is information.`,
  detect,
} as const satisfies Rule;

/** What usually makes each operation overflow. */
const kinds: Readonly<Record<string, string>> = {
  log: 'the logarithm of 0 or of a negative number',
  exp: 'an exponential that overflows',
  divide: 'a division by 0',
  sqrt: 'the root of a negative number, or its infinite slope at 0',
  power: 'a power that overflows',
  input: 'values in the data that are not finite',
};

function detect(e: Evidence): Outcome {
  if (e.run === null) return undecided('a run of the script');
  const { nonFinite: where, stoppedBy } = e.run;
  if (where === null) return stoppedBy === 'divergence' ? undecided('the operation that was first not finite') : passed;
  const { model, optimizer } = e.experiment;
  const node = model === null ? undefined : nodeNamed(model, where.node);
  const range = node?.range ?? model?.lossCall ?? optimizer?.name ?? e.experiment.unit.range;
  const kind = kinds[where.operation] ?? kinds[node?.kind ?? ''];
  const limits = limitsInForce(e);
  const point = limits?.points.at(-1);
  const rate =
    // Before the first step no rate has had a part in it.
    where.step === 0 || limits === null || point === undefined || excess(point) <= 1
      ? ''
      : ` The rate was above its limit before. ${limitWords(limits, point)}`;
  return found(
    finding(
      'non-finite',
      'error',
      range,
      `At step ${grouped(where.step)} the result of ${where.operation} (${where.node}, ${where.pass} pass) is the first that is not finite${kind === undefined ? '' : `: usually ${kind}`}. The run ended there, after ${grouped(e.run.steps)} of ${grouped(e.run.ofSteps)} steps.${rate}`,
      {
        evidence: [{ quantity: 'nonFiniteStep', step: where.step, value: where.step, unit: 'step' }],
      },
    ),
  );
}
