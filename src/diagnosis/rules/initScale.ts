import type { Fix } from '../../records/finding';
import type { ModelGraph } from '../../records/model/graph';
import { finding } from '../finding';
import { alwaysSaturated } from '../saturation';
import { initPlace } from '../initPlace';
import { initRemedies, initVariant, parameterOf } from '../initEdits';
import { isRectified } from '../initStatistics';
import { oddlyScaled, signalSpreads } from '../oddInit';
import type { OddlyScaled } from '../oddInit';
import { recurrentVerdict } from '../recurrentScale';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided, wants } from '../rule';
import { readEach } from '../series';
import { clearlyBetter, protocol, verification } from '../trials';
import { amount, howTried, lossAmount } from '../words';
import { lossSpan } from '../lossSpan';

/** Initial weights that shrink or blow up the signal on its way through the net, to the run's harm. */
export const initScale = {
  id: 'init-scale',
  tier: 2,
  severity: 'warning',
  title: 'The initial weights are so large or so small that the signal dies or explodes on its way.',
  explanation: `A layer multiplies the variance of its signal by Var(w)·fan-in (halved by a ReLU). Far from 1 it shrinks or grows with every
layer.

**How it is measured.** Only initialisers that the script sets are judged: Var(w)·fan-in/gain² of a hidden layer outside
[0.1, 10] [own], gain² being 2 before a ReLU and 1 elsewhere. Then the script with the usual initialiser (Kaiming before a
ReLU, else Xavier), re-run from its start, must be clearly better on two seeds. Where no such re-run is possible it is
information, and only if the activations of the first and last hidden layer differ a hundredfold.

Recurrent weights that the script sets are applied at every time step. A spectral radius to expect (σ√n) above 1.2 [own] in a run that failed
or stayed high raises the suspicion; orthogonal ones must be clearly better on two seeds.

**No fault:** the framework's default (.17 of He's variance) in nets of usual depth; a small last layer.

Sources: Glorot and Bengio 2010; He et al. 2015; for recurrent weights Pascanu, Mikolov and Bengio 2013.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null) return undecided('a model that can be read');
  const odd = oddlyScaled(model);
  const [worst] = odd;
  if (worst === undefined) return recurrentVerdict(e, model);
  if (e.run === null) return undecided('a run of the script');
  // Units that are saturated all along are what such weights do: that finding names the activation.
  if (readEach(e.measurements, 'saturated').some(({ reading }) => alwaysSaturated(reading))) return passed;
  return tryOther(e, model, odd, worst);
}

function tryOther(e: Evidence, model: ModelGraph, odd: readonly OddlyScaled[], worst: OddlyScaled): Outcome {
  const remedy = initRemedies(
    e,
    model,
    odd.map(({ node }) => node),
  );
  const range = initPlace(e.texts, parameterOf(model, worst.node, 'weight')?.range ?? worst.node.range);
  const half = isRectified(model, worst.node) ? '/2' : '';
  const words = `The initial weights of ${worst.node.name} give the signal ${amount(worst.factor)} times the variance that keeps it (Var(w)·fan-in${half}).`;
  const evidence = [
    { quantity: 'initialVarianceFactor', step: 0, value: worst.factor, limit: worst.factor > 1 ? 10 : 0.1, unit: 'ratio' },
  ];
  const inform = (ending: string, fixes: readonly Fix[]): Outcome =>
    signalSpreads(e) ? found(finding('init-scale', 'information', range, `${words}${ending}`, { evidence, fixes })) : passed;
  if (remedy === null) return inform(' Read from the code; not tried.', []);
  const trial = protocol(e, initVariant(remedy), clearlyBetter(lossSpan(e)));
  if (trial.kind === 'wants') return wants('a re-run with the usual initialisation', ...trial.trials);
  if (trial.kind === 'unavailable') return inform(' Read from the code; the fix could not be tried.', [remedy]);
  if (!trial.helped) return passed;
  const shown = ` ${remedy.title}, re-run from the start: probe loss at the end ${lossAmount(trial.before.probeLoss.end)} → ${lossAmount(trial.after.probeLoss.end)}.`;
  return found(
    finding(
      'init-scale',
      trial.seeds < 2 ? 'information' : 'warning',
      range,
      `${words}${shown} ${howTried(trial.after, e.run, trial.seeds)}`,
      {
        evidence,
        fixes: [{ ...remedy, verified: verification(trial) }],
      },
    ),
  );
}
